// ServiceError: what an operation handler throws to answer with an AWS error. The gateway maps it once, into
// the protocol's own shape. Generated per modelled error in <service>/errors.h; used directly for codes that
// the model does not list (EC2's, for instance).
#pragma once

#include <exception>
#include <map>
#include <string>
#include <utility>

namespace landfall {

class ServiceError : public std::exception {
 public:
  ServiceError(std::string code, int http_status, std::string message)
      : code_(std::move(code)), message_(std::move(message)), http_status_(http_status) {}

  const std::string& code() const { return code_; }  // as on the wire, "InvalidVpcID.NotFound"
  const std::string& message() const { return message_; }
  int http_status() const { return http_status_; }
  bool sender_fault() const { return http_status_ < 500; }
  // Further members of the error's body, e.g. {"BucketName", "x"}.
  std::map<std::string, std::string> details;

  const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string code_, message_;
  int http_status_;
};

}  // namespace landfall
