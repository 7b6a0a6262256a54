// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
#include <algorithm>

#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/metrics.h"

namespace landfall::cloudwatch {

GetMetricDataOutput GetMetricData(Call& call, const GetMetricDataInput& in) {
  if (*in.EndTime <= *in.StartTime)
    throw ServiceError("ValidationError", 400,
                       "The parameter StartTime must be less than the parameter EndTime.");
  GetMetricDataOutput out;
  for (const MetricDataQuery& query : in.MetricDataQueries) {
    if (!query.MetricStat)
      throw ServiceError(
          "ValidationError", 400,
          "Metric math and SQL expressions are not supported by Landfall yet: give MetricStat in query " +
              query.Id.value_or(""));
    if (!query.ReturnData.value_or(true)) continue;
    const MetricStat& stat = *query.MetricStat;
    const std::string statistic = stat.Stat.value_or("");
    if (!is_statistic(statistic))
      throw ServiceError(
          "ValidationError", 400,
          "The statistic " + statistic +
              " is not supported by Landfall: Average, Sum, Minimum, Maximum, SampleCount are");
    const int64_t period = std::max<int64_t>(60, stat.Period.value_or(60));
    const Series series =
        read_series(call,
                    metric_id(stat.Metric->Namespace.value_or(""), stat.Metric->MetricName.value_or(""),
                              dimensions_of(stat.Metric->Dimensions)),
                    {in.StartTime->unix_seconds() / 60 * 60, in.EndTime->unix_seconds(), period});
    MetricDataResult result{.Id = query.Id,
                            .Label = query.Label.value_or(stat.Metric->MetricName.value_or("")),
                            .StatusCode = "Complete"};
    for (const Aggregate& a : series.periods) {
      result.Timestamps.push_back(Timestamp{a.start_s * 1000});
      result.Values.push_back(a.value(statistic));
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
