// Filter patterns for unstructured events: terms, "exact phrases", ?optional terms, -excluded terms, %regular
// expressions%. Pure.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::logs {

class FilterPattern {
 public:
  // An empty pattern matches every event. Fails on patterns for JSON ({...}) and space-delimited ([...])
  // events.
  static Result<FilterPattern> parse(std::string_view text);
  bool matches(std::string_view message) const;

 private:
  std::vector<std::string> all_, any_, none_, expressions_;
};

}  // namespace landfall::logs
