// AccessEntry: one request on its way to the access log of its bucket. Made with the request, if some bucket
// logs; told what is answered; its line is appended when the request is over.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/message.h"
#include "services/s3/dataplane/access_logs.h"

namespace landfall::s3 {

class S3Request;

class AccessEntry {
 public:
  explicit AccessEntry(const Clock& clock);
  void failed(const std::string& code) { error_code_ = code; }
  // On the request's loop. Without `bytes`: as many as the head's Content-Length says.
  void answered(const S3Request& request, const http::Response& head, std::optional<uint64_t> bytes = {});
  void finish(const S3Request& request);  // on any thread

 private:
  std::string line(const S3Request& request, const std::string& owner_id) const;

  const Clock& clock_;
  const Timestamp received_;
  const int64_t begun_ns_;
  int64_t answered_ns_ = 0;
  int status_ = 0;
  std::optional<uint64_t> bytes_, object_bytes_;
  std::string error_code_;
  std::shared_ptr<BucketLog> log_;  // null: not answered, or the bucket has none
};

// "REST.GET.OBJECT": what the log calls an operation, by its method and AWS's name of it (empty: none was
// reached).
std::string log_operation(std::string_view method, std::string_view operation, bool website);

}  // namespace landfall::s3
