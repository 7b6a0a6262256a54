// One HTTP request through libcurl.
#pragma once

#include <string>
#include <vector>

namespace myapp {

struct Transfer {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  long timeout_ms = 10'000;
};

struct TransferResult {
  long status = 0;  // 0: no answer, see error
  std::string body;
  std::string error;
};

TransferResult perform(const Transfer& transfer);

}  // namespace myapp
