// The images: a built-in catalogue under the names that people look for. Whatever the image, an instance's
// root file system is an overlay of the machine's own (README.md, "Not done").
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "services/ec2/instance_types.h"

namespace landfall::ec2 {

struct ImageFacts {
  std::string_view id;
  std::string_view name;
  std::string_view description;
  std::string_view owner_id;
  std::string_view owner_alias;  // "amazon" or empty
  Architecture architecture;
  std::string_view created;  // ISO 8601
  std::string_view root_device;
  std::string_view snapshot_id;
};

std::span<const ImageFacts> all_images();  // sorted by id
const ImageFacts* find_image(std::string_view id);
// Amazon Linux 2023 of that architecture: what services launch when they are not told.
const ImageFacts& default_image(Architecture architecture);

}  // namespace landfall::ec2
