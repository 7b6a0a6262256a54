// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
#include <algorithm>
#include <cmath>

#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/cloudwatch/metrics.h"

namespace landfall::cloudwatch {
namespace {

constexpr size_t kMaxDataPerRequest = 1000;  // quota
constexpr size_t kMaxDimensions = 30;        // quota
constexpr int64_t kOldestDays = 14;          // "up to two weeks in the past"
constexpr int64_t kNewestHours = 2;          // "up to two hours in the future"

Sample sample_of(const Call& call, const PutMetricDataInput& in, const MetricDatum& datum) {
  Sample sample{.metric_namespace = *in.Namespace,
                .name = *datum.MetricName,
                .dimensions = dimensions_of(datum.Dimensions),
                .unit = datum.Unit.value_or("None"),
                .at = datum.Timestamp.value_or(call.now)};
  if (datum.Dimensions.size() > kMaxDimensions)
    throw InvalidParameterValueException(
        "The collection MetricData.Dimensions must not have a size greater than 30.");
  if (sample.at < call.now.plus_seconds(-kOldestDays * 86400) ||
      call.now.plus_seconds(kNewestHours * 3600) < sample.at)
    throw InvalidParameterValueException(
        "The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks and the "
        "next two hours.");
  const int forms = datum.Value.has_value() + datum.StatisticValues.has_value() + !datum.Values.empty();
  if (forms != 1)
    throw InvalidParameterCombinationException(
        "The parameters MetricData.member.1.Value, MetricData.member.1.Values and "
        "MetricData.member.1.StatisticValues are mutually exclusive and you have specified " +
        std::string(forms == 0 ? "none." : "more than one."));
  if (datum.Value) {
    sample.sum = sample.minimum = sample.maximum = *datum.Value;
  } else if (datum.StatisticValues) {
    const StatisticSet& set = *datum.StatisticValues;
    sample.count = set.SampleCount.value_or(0);
    sample.sum = set.Sum.value_or(0);
    sample.minimum = set.Minimum.value_or(0);
    sample.maximum = set.Maximum.value_or(0);
  } else {
    if (!datum.Counts.empty() && datum.Counts.size() != datum.Values.size())
      throw InvalidParameterValueException(
          "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same "
          "size.");
    sample.count = sample.sum = 0;
    sample.minimum = sample.maximum = datum.Values.front();
    for (size_t i = 0; i < datum.Values.size(); ++i) {
      const double count = datum.Counts.empty() ? 1 : datum.Counts[i];
      sample.count += count;
      sample.sum += datum.Values[i] * count;
      sample.minimum = std::min(sample.minimum, datum.Values[i]);
      sample.maximum = std::max(sample.maximum, datum.Values[i]);
    }
  }
  if (!std::isfinite(sample.sum))
    throw InvalidParameterValueException("The value of a datum must be a finite number.");
  return sample;
}

}  // namespace

aws::Empty PutMetricData(Call& call, const PutMetricDataInput& in) {
  if (in.Namespace->starts_with("AWS/") && call.caller.kind != CallerKind::service)
    throw InvalidParameterValueException(
        "The value AWS/ for parameter Namespace is invalid: namespaces that begin with AWS/ are AWS's own.");
  if (in.MetricData.empty()) throw MissingRequiredParameterException("The parameter MetricData is required.");
  if (in.MetricData.size() > kMaxDataPerRequest)
    throw InvalidParameterValueException("The collection MetricData must not have a size greater than 1000.");
  std::vector<Sample> samples;
  for (const MetricDatum& datum : in.MetricData) samples.push_back(sample_of(call, in, datum));
  record(call, samples);
  return {};
}

}  // namespace landfall::cloudwatch
