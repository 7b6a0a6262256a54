// X-Amz-Cf-Id: opaque, unique for all practical purposes, and cheap: one for each request. One thread.
#pragma once

#include <cstdint>
#include <string>

namespace landfall::cloudfront {

class RequestIds {
 public:
  RequestIds();
  void append(std::string& out);  // 54 characters of base64url and "=="
  std::string next() {
    std::string id;
    append(id);
    return id;
  }

 private:
  uint64_t word();  // splitmix64 over a seed from the system
  uint64_t state_;
};

}  // namespace landfall::cloudfront
