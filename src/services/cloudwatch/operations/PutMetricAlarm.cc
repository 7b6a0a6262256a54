// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/alarms.h"
#include "services/cloudwatch/queries.h"

namespace landfall::cloudwatch {

namespace {

// One metric, or queries; seconds of a period.
int64_t check_metrics(const Call& call, const PutMetricAlarmInput& in) {
  if (!in.Metrics.empty()) {
    if (in.MetricName || in.Namespace || in.Statistic || in.ExtendedStatistic || in.Period || in.Unit ||
        !in.Dimensions.empty())
      throw_validation(
          "The parameters MetricName, Namespace, Dimensions, Period, Unit, Statistic and ExtendedStatistic "
          "cannot be "
          "given together with Metrics");
    check_alarm_queries(call, in.Metrics);
    return period_of(in.Metrics);
  }
  if (!in.MetricName || !in.Namespace || !in.Period)
    throw_validation("MetricName, Namespace and Period must be given");
  if (in.Statistic.has_value() == in.ExtendedStatistic.has_value())
    throw_validation("Exactly one of Statistic and ExtendedStatistic must be given");
  if (in.ExtendedStatistic && !percentile_of(*in.ExtendedStatistic))
    throw_validation("The statistic " + *in.ExtendedStatistic +
                     " is not supported by Landfall: percentiles (p0.0 to p100) are");
  const std::string low = in.EvaluateLowSampleCountPercentile.value_or("evaluate");
  if (low != "evaluate" && low != "ignore")
    throw_validation("EvaluateLowSampleCountPercentile must be evaluate or ignore: " + low);
  return *in.Period;
}

}  // namespace

aws::Empty PutMetricAlarm(Call& call, const PutMetricAlarmInput& in) {
  const int64_t period = check_metrics(call, in);
  if (in.ThresholdMetricId || in.EvaluationCriteria)
    throw_validation("Anomaly detection and PromQL alarms are not supported by Landfall: give a Threshold");
  if (!in.Threshold) throw_validation("Threshold must be given");
  const std::string comparison = *in.ComparisonOperator;
  if (comparison.find("Upper") != std::string::npos || comparison.find("Range") != std::string::npos)
    throw_validation("Anomaly detection alarms are not supported by Landfall yet");
  if (period % 60 != 0 && period != 10 && period != 20 && period != 30)
    throw_validation("Period must be 10, 20, 30 or a multiple of 60");
  if (in.DatapointsToAlarm && *in.DatapointsToAlarm > *in.EvaluationPeriods)
    throw_validation("DatapointsToAlarm must not be greater than EvaluationPeriods");
  if (period * *in.EvaluationPeriods > 86400)
    throw_validation(
        "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).");
  auto alarms = call.rows(kAlarms);
  const auto existing = alarms.get(*in.AlarmName);
  AlarmRecord record = existing ? *existing : AlarmRecord{};
  MetricAlarm& alarm = record.alarm;
  alarm.AlarmName = in.AlarmName;
  alarm.AlarmArn = call.arn("cloudwatch", "alarm:" + *in.AlarmName);
  alarm.AlarmDescription = in.AlarmDescription;
  alarm.AlarmConfigurationUpdatedTimestamp = call.now;
  alarm.ActionsEnabled = in.ActionsEnabled.value_or(true);
  alarm.OKActions = in.OKActions;
  alarm.AlarmActions = in.AlarmActions;
  alarm.InsufficientDataActions = in.InsufficientDataActions;
  alarm.MetricName = in.MetricName;
  alarm.Namespace = in.Namespace;
  alarm.Statistic = in.Statistic;
  alarm.ExtendedStatistic = in.ExtendedStatistic;
  alarm.EvaluateLowSampleCountPercentile = in.EvaluateLowSampleCountPercentile;
  alarm.Metrics = in.Metrics;
  alarm.Dimensions = in.Dimensions;
  alarm.Period = in.Period;
  alarm.Unit = in.Unit;
  alarm.EvaluationPeriods = in.EvaluationPeriods;
  alarm.DatapointsToAlarm = in.DatapointsToAlarm;
  alarm.Threshold = in.Threshold;
  alarm.ComparisonOperator = in.ComparisonOperator;
  alarm.TreatMissingData = in.TreatMissingData;
  if (!existing) {
    alarm.StateValue = "INSUFFICIENT_DATA";
    alarm.StateReason = "Unchecked: Initial alarm creation";
    alarm.StateUpdatedTimestamp = alarm.StateTransitionedTimestamp = call.now;
    for (const Tag& tag : in.Tags) record.tags[tag.Key.value_or("")] = tag.Value.value_or("");
  }
  alarms.put(*in.AlarmName, record);
  add_history(
      call, *in.AlarmName, "ConfigurationUpdate",
      existing ? "Alarm \"" + *in.AlarmName + "\" updated" : "Alarm \"" + *in.AlarmName + "\" created", "");
  return {};
}

}  // namespace landfall::cloudwatch
