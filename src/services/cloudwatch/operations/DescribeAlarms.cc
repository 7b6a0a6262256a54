// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
#include <algorithm>

#include "cloudwatch/operations.h"
#include "services/cloudwatch/alarms.h"

namespace landfall::cloudwatch {

DescribeAlarmsOutput DescribeAlarms(Call& call, const DescribeAlarmsInput& in) {
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(50));
  DescribeAlarmsOutput out;
  const bool metric_alarms =
      in.AlarmTypes.empty() || std::ranges::find(in.AlarmTypes, "MetricAlarm") != in.AlarmTypes.end();
  if (!metric_alarms) return out;
  for (auto& [name, record] : call.rows(kAlarms).all()) {
    if (in.NextToken && name <= *in.NextToken) continue;
    if (!in.AlarmNames.empty() && std::ranges::find(in.AlarmNames, name) == in.AlarmNames.end()) continue;
    if (in.AlarmNamePrefix && !name.starts_with(*in.AlarmNamePrefix)) continue;
    if (in.StateValue && record->alarm.StateValue != in.StateValue) continue;
    if (in.ActionPrefix && std::ranges::none_of(record->alarm.AlarmActions, [&](const std::string& arn) {
          return arn.starts_with(*in.ActionPrefix);
        }))
      continue;
    if (out.MetricAlarms.size() == limit) {
      out.NextToken = *out.MetricAlarms.back().AlarmName;
      break;
    }
    out.MetricAlarms.push_back(record->alarm);
  }
  return out;
}

}  // namespace landfall::cloudwatch
