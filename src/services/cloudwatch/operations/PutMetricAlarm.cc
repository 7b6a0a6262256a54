// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/alarms.h"

namespace landfall::cloudwatch {

aws::Empty PutMetricAlarm(Call& call, const PutMetricAlarmInput& in) {
  const auto invalid = [](const std::string& why) { throw ServiceError("ValidationError", 400, why); };
  if (!in.Metrics.empty())
    invalid(
        "Alarms on metric math (Metrics) are not supported by Landfall yet: give MetricName, Namespace and "
        "Statistic");
  if (in.ExtendedStatistic) invalid("ExtendedStatistic is not supported by Landfall yet: give Statistic");
  if (!in.MetricName || !in.Namespace || !in.Statistic || !in.Period)
    invalid("MetricName, Namespace, Statistic and Period must be given");
  if (!in.Threshold) invalid("Threshold must be given");
  const std::string comparison = *in.ComparisonOperator;
  if (comparison.find("Upper") != std::string::npos || comparison.find("Range") != std::string::npos)
    invalid("Anomaly detection alarms are not supported by Landfall yet");
  if (*in.Period % 60 != 0 && *in.Period != 10 && *in.Period != 20 && *in.Period != 30)
    invalid("Period must be 10, 20, 30 or a multiple of 60");
  if (in.DatapointsToAlarm && *in.DatapointsToAlarm > *in.EvaluationPeriods)
    invalid("DatapointsToAlarm must not be greater than EvaluationPeriods");
  if (*in.Period * *in.EvaluationPeriods > 86400)
    invalid(
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
