// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/metrics.h"

namespace landfall::cloudwatch {

GetMetricStatisticsOutput GetMetricStatistics(Call& call, const GetMetricStatisticsInput& in) {
  constexpr int64_t kMaxDatapoints = 1440;  // quota
  if (*in.Period < 60 || *in.Period % 60 != 0)
    throw InvalidParameterValueException("The parameter Period must be a multiple of 60.");
  if (*in.EndTime <= *in.StartTime)
    throw InvalidParameterValueException("The parameter StartTime must be less than the parameter EndTime.");
  if (in.Statistics.empty())
    throw MissingRequiredParameterException(
        "At least one of the parameters Statistics and ExtendedStatistics must be specified. Landfall has no "
        "extended statistics yet.");
  const int64_t start = in.StartTime->unix_seconds() / 60 * 60, end = in.EndTime->unix_seconds();
  if ((end - start) / *in.Period > kMaxDatapoints)
    throw InvalidParameterCombinationException(
        "You have requested up to " + std::to_string((end - start) / *in.Period) +
        " datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by "
        "increasing Period, or decreasing the time range.");
  const Series series = read_series(
      call, metric_id(*in.Namespace, *in.MetricName, dimensions_of(in.Dimensions)), {start, end, *in.Period});
  GetMetricStatisticsOutput out{.Label = *in.MetricName};
  for (const Aggregate& a : series.periods) {
    Datapoint point{.Timestamp = Timestamp{a.start_s * 1000}, .Unit = series.unit};
    for (const std::string& statistic : in.Statistics) {
      if (statistic == "Average") point.Average = a.value(statistic);
      if (statistic == "Sum") point.Sum = a.sum;
      if (statistic == "Minimum") point.Minimum = a.minimum;
      if (statistic == "Maximum") point.Maximum = a.maximum;
      if (statistic == "SampleCount") point.SampleCount = a.count;
    }
    out.Datapoints.push_back(std::move(point));
  }
  return out;
}

}  // namespace landfall::cloudwatch
