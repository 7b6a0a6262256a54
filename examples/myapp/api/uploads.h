// Uploads: objects under uploads/ in the application's bucket, written with the instance role's credentials.
#pragma once

#include <string>

#include "instance_metadata.h"

namespace myapp {

struct UploadResult {
  long status = 0;    // S3's; 0: S3 was not reached
  std::string error;  // why, unless status is 200
};

class Uploads {
 public:
  Uploads(std::string bucket, std::string region, InstanceMetadata& metadata)
      : bucket_(std::move(bucket)), region_(std::move(region)), metadata_(metadata) {}

  // name: letters, digits, '.', '_' and '-' (checked by is_valid_name).
  UploadResult put(const std::string& name, const std::string& content_type, const std::string& body);
  static bool is_valid_name(const std::string& name);

 private:
  std::string bucket_;
  std::string region_;
  InstanceMetadata& metadata_;
};

}  // namespace myapp
