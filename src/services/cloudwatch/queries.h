// Queries of GetMetricData and of alarms on metric math: metrics, and expressions over them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/call.h"
#include "services/cloudwatch/expression.h"
#include "services/cloudwatch/metrics.h"

namespace landfall::cloudwatch {

[[noreturn]] void throw_validation(const std::string& why);  // ValidationError

// Throws ValidationError: ids, statistics, expressions that cannot be evaluated, periods that differ.
void check_queries(const Call& call, const std::vector<MetricDataQuery>& queries);
// Of an alarm: also that exactly one query is the one to watch.
void check_alarm_queries(const Call& call, const std::vector<MetricDataQuery>& queries);
const MetricDataQuery& watched(const std::vector<MetricDataQuery>& queries);  // of checked ones
int64_t period_of(const std::vector<MetricDataQuery>& queries);               // seconds, at least 60

// By id, one value a period. `queries` are checked; the window has their period.
std::map<std::string, Values> run_queries(const Call& call, const std::vector<MetricDataQuery>& queries,
                                          const Window& window);

}  // namespace landfall::cloudwatch
