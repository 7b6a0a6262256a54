// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmsForMetric.html
#include "cloudwatch/operations.h"
#include "services/cloudwatch/metrics.h"

namespace landfall::cloudwatch {

DescribeAlarmsForMetricOutput DescribeAlarmsForMetric(Call& call, const DescribeAlarmsForMetricInput& in) {
  DescribeAlarmsForMetricOutput out;
  call.rows(kAlarms).each([&](std::string_view, const AlarmRecord& record) {
    const MetricAlarm& alarm = record.alarm;
    if (alarm.MetricName != in.MetricName || alarm.Namespace != in.Namespace) return;
    if (dimensions_of(alarm.Dimensions) != dimensions_of(in.Dimensions)) return;
    if ((in.Statistic && alarm.Statistic != in.Statistic) || (in.Period && alarm.Period != in.Period)) return;
    out.MetricAlarms.push_back(alarm);
  });
  return out;
}

}  // namespace landfall::cloudwatch
