// What functions log at the edge, for CloudWatch Logs. Observation kind "FunctionLog", id = the function's
// ARN; an event: it is not kept. Written by edge, read by control.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace landfall::cloudfront {

inline constexpr char kFunctionLogKind[] = "FunctionLog";
inline constexpr char kFunctionArnMark[] = ":function/";

struct FunctionLogLine {
  int64_t unix_ms = 0;
  std::string text;  // "REQUEST-ID what it said"
  template <class V>
  void fields(V& v) {
    v("at", unix_ms);
    v("text", text);
  }
};

struct FunctionLog {
  std::string account, function;       // the name
  std::vector<FunctionLogLine> lines;  // in order of time
  template <class V>
  void fields(V& v) {
    v("account", account);
    v("function", function);
    v("lines", lines);
  }
};

}  // namespace landfall::cloudfront
