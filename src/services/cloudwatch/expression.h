// Metric math: arithmetic, comparisons, AND, OR and functions over series of values. Pure.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
//
// A series has an entry for each period, nullopt where there is no data. What is worked out of a missing
// value is missing; so is what is divided by zero.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::cloudwatch {

using Values = std::vector<std::optional<double>>;  // by period, oldest first

struct ExpressionInput {
  std::map<std::string, Values> series;  // by query id; all are as long as `periods` says
  std::set<std::string> metrics;         // of those the metrics, for METRICS()
  size_t periods = 0;
  int64_t period_s = 60;
};

inline constexpr size_t kMaxExpressionBytes = 2048;  // quota

// Fails on what is no expression, on functions that Landfall has not, and on ids that are not in `input`.
Result<Values> evaluate(std::string_view expression, const ExpressionInput& input);
// The ids that it reads; those of METRICS() aside.
std::set<std::string> ids_in(std::string_view expression);

}  // namespace landfall::cloudwatch
