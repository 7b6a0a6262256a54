#include "services/autoscaling/target_tracking.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cloudwatch/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/scaling.h"

namespace landfall::autoscaling {
namespace {

constexpr int64_t kDefaultPeriodSeconds = 60;

struct TrackedMetric {
  std::string metric_namespace, name, statistic;
  std::vector<cloudwatch::Dimension> dimensions;
  std::optional<std::string> unit;
  int64_t period_s = kDefaultPeriodSeconds;
};

// "app/my-alb/778d41231b141a0f/targetgroup/my-group/943f017f100becff"
TrackedMetric requests_per_target(const std::string& label) {
  const size_t at = label.find("/targetgroup/");
  if (!label.starts_with("app/") || at == std::string::npos)
    throw_validation("The resource label '" + label +
                     "' is not valid: it must be app/<load balancer>/<id>/targetgroup/<target group>/<id>");
  return {.metric_namespace = "AWS/ApplicationELB",
          .name = "RequestCountPerTarget",
          .statistic = "Sum",
          .dimensions = {{.Name = "LoadBalancer", .Value = label.substr(0, at)},
                         {.Name = "TargetGroup", .Value = label.substr(at + 1)}}};
}

TrackedMetric metric_of(const std::string& group, const TargetTrackingConfiguration& configuration) {
  if (const auto& custom = configuration.CustomizedMetricSpecification) {
    TrackedMetric metric{.metric_namespace = custom->Namespace.value_or(""),
                         .name = custom->MetricName.value_or(""),
                         .statistic = custom->Statistic.value_or(""),
                         .unit = custom->Unit,
                         .period_s = custom->Period.value_or(kDefaultPeriodSeconds)};
    for (const MetricDimension& one : custom->Dimensions)
      metric.dimensions.push_back({.Name = one.Name, .Value = one.Value});
    return metric;
  }
  const PredefinedMetricSpecification& predefined = *configuration.PredefinedMetricSpecification;
  const std::string& type = *predefined.PredefinedMetricType;
  if (type == "ALBRequestCountPerTarget") return requests_per_target(predefined.ResourceLabel.value_or(""));
  const char* name = type == "ASGAverageCPUUtilization" ? "CPUUtilization"
                     : type == "ASGAverageNetworkIn"    ? "NetworkIn"
                     : type == "ASGAverageNetworkOut"   ? "NetworkOut"
                                                        : nullptr;
  if (name == nullptr) throw_validation("The predefined metric type " + type + " is not valid.");
  return {.metric_namespace = "AWS/EC2",
          .name = name,
          .statistic = "Average",
          .dimensions = {{.Name = "AutoScalingGroupName", .Value = group}}};
}

bool is_high(std::string_view alarm_name) { return alarm_name.find("-AlarmHigh-") != std::string_view::npos; }

std::string alarm_name_of(Call& call, const ScalingPolicy& policy, const char* which) {
  const std::string part = std::string("-Alarm") + which + "-";
  for (const Alarm& alarm : policy.Alarms)
    if (alarm.AlarmName->find(part) != std::string::npos) return *alarm.AlarmName;
  return "TargetTracking-" + *policy.AutoScalingGroupName + part + call.random().uuid();
}

void put_alarm(Call& call, const ScalingPolicy& policy, const std::string& name) {
  const TargetTrackingConfiguration& configuration = *policy.TargetTrackingConfiguration;
  const TrackedMetric metric = metric_of(*policy.AutoScalingGroupName, configuration);
  const bool high = is_high(name);
  cloudwatch::PutMetricAlarmInput alarm;
  alarm.AlarmName = name;
  alarm.AlarmDescription =
      "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy " + *policy.PolicyARN + ".";
  alarm.ActionsEnabled = true;
  alarm.AlarmActions = {*policy.PolicyARN};
  alarm.MetricName = metric.name;
  alarm.Namespace = metric.metric_namespace;
  alarm.Statistic = metric.statistic;
  alarm.Dimensions = metric.dimensions;
  alarm.Unit = metric.unit;
  alarm.Period = metric.period_s;
  alarm.EvaluationPeriods = high ? kHighPeriods : kLowPeriods;
  alarm.Threshold = *configuration.TargetValue * (high ? 1 : kLowFactor);
  alarm.ComparisonOperator = high ? "GreaterThanThreshold" : "LessThanThreshold";
  Call service = call.as_service("autoscaling.amazonaws.com");
  cloudwatch::PutMetricAlarm(service, alarm);
}

// The newest value of the last minutes.
std::optional<double> current_value(Call& call, const TrackedMetric& metric) {
  const int64_t end = call.now.unix_seconds() / 60 * 60;
  const auto data = cloudwatch::GetMetricStatistics(
      call, {.Namespace = metric.metric_namespace,
             .MetricName = metric.name,
             .Dimensions = metric.dimensions,
             .StartTime = Timestamp{(end - metric.period_s * kHighPeriods) * 1000},
             .EndTime = Timestamp{end * 1000},
             .Period = metric.period_s,
             .Statistics = {metric.statistic}});
  if (data.Datapoints.empty()) return std::nullopt;
  const auto& newest = data.Datapoints.back();
  if (metric.statistic == "Sum") return newest.Sum;
  if (metric.statistic == "Minimum") return newest.Minimum;
  if (metric.statistic == "Maximum") return newest.Maximum;
  if (metric.statistic == "SampleCount") return newest.SampleCount;
  return newest.Average;
}

// A group shrinks when every policy that tracks a target would let it.
bool others_agree_to_shrink(Call& call, const ScalingPolicy& policy) {
  bool agreed = true;
  std::vector<std::string> low_alarms;
  call.txn.each<PolicyRecord>(
      kPolicies, call.scope() + *policy.AutoScalingGroupName + "/",
      [&](std::string_view, const PolicyRecord& other) {
        if (other.shown.PolicyARN == policy.PolicyARN || !other.shown.Enabled.value_or(true)) return;
        if (!other.shown.TargetTrackingConfiguration ||
            other.shown.TargetTrackingConfiguration->DisableScaleIn.value_or(false))
          return;
        for (const Alarm& alarm : other.shown.Alarms)
          if (!is_high(*alarm.AlarmName)) low_alarms.push_back(*alarm.AlarmName);
      });
  if (low_alarms.empty()) return true;
  for (const auto& alarm : cloudwatch::DescribeAlarms(call, {.AlarmNames = low_alarms}).MetricAlarms)
    agreed = agreed && alarm.StateValue == "ALARM";
  return agreed;
}

}  // namespace

void check_target_tracking(const TargetTrackingConfiguration& configuration) {
  const auto& custom = configuration.CustomizedMetricSpecification;
  if (custom.has_value() == configuration.PredefinedMetricSpecification.has_value())
    throw_validation(
        "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified.");
  if (*configuration.TargetValue <= 0) throw_validation("The target value must be greater than 0.");
  if (custom && !custom->Metrics.empty())
    throw_validation(
        "Target tracking on metric math (Metrics) is not supported by Landfall yet: give MetricName, "
        "Namespace and Statistic");
  if (custom && (!custom->MetricName || !custom->Namespace || !custom->Statistic))
    throw_validation("A CustomizedMetricSpecification must have a MetricName, a Namespace and a Statistic.");
  static_cast<void>(metric_of("", configuration));  // throws for types and labels that are not
}

void put_tracking_alarms(Call& call, ScalingPolicy& policy) {
  std::vector<Alarm> alarms;
  for (const char* which : {"High", "Low"}) {
    const std::string name = alarm_name_of(call, policy, which);
    put_alarm(call, policy, name);
    alarms.push_back({.AlarmName = name, .AlarmARN = call.arn("cloudwatch", "alarm:" + name)});
  }
  policy.Alarms = std::move(alarms);
}

void delete_tracking_alarms(Call& call, const ScalingPolicy& policy) {
  std::vector<std::string> names;
  for (const Alarm& alarm : policy.Alarms) names.push_back(*alarm.AlarmName);
  if (names.empty()) return;
  // Somebody may have deleted one by hand: only those that are there.
  Call service = call.as_service("autoscaling.amazonaws.com");
  std::vector<std::string> there;
  for (const auto& alarm : cloudwatch::DescribeAlarms(service, {.AlarmNames = names}).MetricAlarms)
    there.push_back(*alarm.AlarmName);
  if (!there.empty()) cloudwatch::DeleteAlarms(service, {.AlarmNames = there});
}

void track(Call& call, const PolicyRecord& record, std::string_view alarm_name) {
  const ScalingPolicy& policy = record.shown;
  const TargetTrackingConfiguration& configuration = *policy.TargetTrackingConfiguration;
  GroupRecord group = find_group(call, *policy.AutoScalingGroupName);
  const Direction direction = is_high(alarm_name) ? Direction::out : Direction::in;
  const int64_t warm = warm_members(group.members, call.now, warmup_of(policy, group.shown));
  if (direction == Direction::in) {
    if (configuration.DisableScaleIn.value_or(false)) return;
    // Instances that are still warming up say nothing yet: the metric is not theirs.
    if (warm < std::ranges::count_if(group.members, counts) || !others_agree_to_shrink(call, policy)) return;
  }
  const auto metric = current_value(call, metric_of(*policy.AutoScalingGroupName, configuration));
  if (!metric || warm == 0) return;
  const int64_t before = *group.shown.DesiredCapacity;
  set_capacity(group, combined_capacity(before, tracked_capacity(warm, *metric, *configuration.TargetValue),
                                        direction));
  if (*group.shown.DesiredCapacity == before) return;
  group.last_scaling = call.now;
  group.cause = fmt::format(
      "At {} a monitor alarm {} in state ALARM triggered policy {} changing the desired capacity from {} to "
      "{}.",
      cause_time(call.now), alarm_name, *policy.PolicyName, before, *group.shown.DesiredCapacity);
  put_group(call, group);
}

}  // namespace landfall::autoscaling
