// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
#include <algorithm>

#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/queries.h"

namespace landfall::cloudwatch {
namespace {

// A query without expressions beside it has a period of its own.
int64_t period_of_query(const MetricDataQuery& query, const std::vector<MetricDataQuery>& all) {
  if (query.MetricStat) return std::max<int64_t>(60, query.MetricStat->Period.value_or(60));
  return period_of(all);
}

std::string label_of(const MetricDataQuery& query) {
  if (query.Label) return *query.Label;
  return query.MetricStat ? query.MetricStat->Metric->MetricName.value_or("") : *query.Id;
}

}  // namespace

GetMetricDataOutput GetMetricData(Call& call, const GetMetricDataInput& in) {
  if (*in.EndTime <= *in.StartTime)
    throw ServiceError("ValidationError", 400,
                       "The parameter StartTime must be less than the parameter EndTime.");
  const auto& queries = in.MetricDataQueries;
  check_queries(call, queries);
  const bool has_expression =
      std::ranges::any_of(queries, [](const auto& q) { return q.Expression.has_value(); });
  GetMetricDataOutput out;
  for (const MetricDataQuery& query : queries) {
    if (!query.ReturnData.value_or(true)) continue;
    const Window window{in.StartTime->unix_seconds() / 60 * 60, in.EndTime->unix_seconds(),
                        period_of_query(query, queries)};
    const auto series = run_queries(call, has_expression ? queries : std::vector{query}, window);
    MetricDataResult result{.Id = query.Id, .Label = label_of(query), .StatusCode = "Complete"};
    const Values& values = series.at(*query.Id);
    for (size_t i = 0; i < values.size(); ++i) {
      if (!values[i]) continue;
      result.Timestamps.push_back(
          Timestamp{(window.start_s + static_cast<int64_t>(i) * window.period_s) * 1000});
      result.Values.push_back(*values[i]);
    }
    if (in.ScanBy.value_or("TimestampDescending") == "TimestampDescending") {
      std::ranges::reverse(result.Timestamps);
      std::ranges::reverse(result.Values);
    }
    out.MetricDataResults.push_back(std::move(result));
  }
  return out;
}

}  // namespace landfall::cloudwatch
