#include "services/autoscaling/scaling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cloudwatch/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/target_tracking.h"

namespace landfall::autoscaling {
namespace {

// By how much the metric is over the alarm's threshold, by the policy's own aggregation.
double breach_of(Call& call, const ScalingPolicy& policy, std::string_view alarm_name) {
  const auto alarms = cloudwatch::DescribeAlarms(call, {.AlarmNames = {std::string(alarm_name)}});
  if (alarms.MetricAlarms.empty()) return 0;
  const auto& alarm = alarms.MetricAlarms[0];
  const int64_t period = alarm.Period.value_or(60), end = call.now.unix_seconds() / 60 * 60;
  const std::string statistic = policy.MetricAggregationType.value_or("Average");
  const auto data = cloudwatch::GetMetricStatistics(call, {.Namespace = alarm.Namespace,
                                                           .MetricName = alarm.MetricName,
                                                           .Dimensions = alarm.Dimensions,
                                                           .StartTime = Timestamp{(end - period) * 1000},
                                                           .EndTime = Timestamp{end * 1000},
                                                           .Period = period,
                                                           .Statistics = {statistic}});
  if (data.Datapoints.empty()) return 0;
  const auto& newest = data.Datapoints.back();
  const double value = statistic == "Minimum"   ? *newest.Minimum
                       : statistic == "Maximum" ? *newest.Maximum
                                                : *newest.Average;
  return value - alarm.Threshold.value_or(0);
}

bool cooling_down(const Call& call, const PolicyRecord& policy, const GroupRecord& record) {
  const int64_t cooldown = policy.shown.Cooldown.value_or(record.shown.DefaultCooldown.value_or(300));
  return record.last_scaling.unix_ms > 0 && call.now < record.last_scaling.plus_seconds(cooldown);
}

// Steps have no cooldown: what they do is measured by the instances that have warmed up.
int64_t stepped_capacity(const Call& call, const ScalingPolicy& policy, const GroupRecord& record,
                         double breach) {
  const int64_t desired = *record.shown.DesiredCapacity;
  const int64_t warm = warm_members(record.members, call.now, warmup_of(policy, record.shown));
  const int64_t from_all = adjusted_capacity(policy, desired, breach);
  if (from_all < desired) return warm < std::ranges::count_if(record.members, counts) ? desired : from_all;
  return combined_capacity(desired, adjusted_capacity(policy, std::min(warm, desired), breach),
                           Direction::out);
}

}  // namespace

int64_t adjusted_capacity(const ScalingPolicy& policy, int64_t current, double breach) {
  std::optional<int64_t> adjustment = policy.ScalingAdjustment;
  if (policy.PolicyType == "StepScaling") {
    adjustment.reset();
    for (const StepAdjustment& step : policy.StepAdjustments) {
      const double lower = step.MetricIntervalLowerBound.value_or(-INFINITY),
                   upper = step.MetricIntervalUpperBound.value_or(INFINITY);
      // The lower bound belongs to steps above the threshold, the upper one to those below.
      const bool in = breach >= 0 ? breach >= lower && breach < upper : breach > lower && breach <= upper;
      if (in) adjustment = step.ScalingAdjustment;
    }
  }
  if (!adjustment) return current;
  const std::string type = policy.AdjustmentType.value_or("ChangeInCapacity");
  if (type == "ExactCapacity") return *adjustment;
  if (type == "ChangeInCapacity") return current + *adjustment;
  // PercentChangeInCapacity: more than 1 is rounded down, between 0 and 1 up to 1, and so below zero.
  const double change = static_cast<double>(current) * static_cast<double>(*adjustment) / 100;
  int64_t whole = static_cast<int64_t>(change > 0   ? (change < 1 ? 1 : std::floor(change))
                                       : change < 0 ? (change > -1 ? -1 : std::ceil(change))
                                                    : 0);
  const int64_t least = policy.MinAdjustmentMagnitude.value_or(0);
  if (whole > 0) whole = std::max(whole, least);
  if (whole < 0) whole = std::min(whole, -least);
  return current + whole;
}

int64_t tracked_capacity(int64_t capacity, double metric, double target) {
  constexpr double kTolerance = 1e-9;  // of the division: 3 * 50 / 50 must stay 3
  return static_cast<int64_t>(std::ceil(static_cast<double>(capacity) * metric / target - kTolerance));
}

int64_t combined_capacity(int64_t desired, int64_t asked, Direction direction) {
  return direction == Direction::out ? std::max(desired, asked) : std::min(desired, asked);
}

int64_t warm_members(const std::vector<Member>& members, Timestamp now, int64_t warmup_seconds) {
  return std::ranges::count_if(members, [&](const Member& member) {
    return member.shown.LifecycleState == "InService" &&
           now >= member.in_service.plus_seconds(warmup_seconds);
  });
}

int64_t warmup_of(const ScalingPolicy& policy, const AutoScalingGroup& group) {
  if (policy.EstimatedInstanceWarmup) return *policy.EstimatedInstanceWarmup;
  if (group.DefaultInstanceWarmup && *group.DefaultInstanceWarmup >= 0) return *group.DefaultInstanceWarmup;
  return group.DefaultCooldown.value_or(300);
}

void run_policy(Call& call, const PolicyRecord& policy, const Trigger& trigger) {
  GroupRecord record = find_group(call, *policy.shown.AutoScalingGroupName);
  if (record.deleting || !policy.shown.Enabled.value_or(true)) return;
  const int64_t before = *record.shown.DesiredCapacity;
  const bool steps = policy.shown.PolicyType == "StepScaling";
  if (!steps && trigger.honor_cooldown && cooling_down(call, policy, record)) return;
  set_capacity(record, steps ? stepped_capacity(call, policy.shown, record, trigger.breach)
                             : adjusted_capacity(policy.shown, before, trigger.breach));
  if (*record.shown.DesiredCapacity == before) return;
  record.last_scaling = call.now;
  record.cause = fmt::format("At {} {} changing the desired capacity from {} to {}.", cause_time(call.now),
                             trigger.cause, before, *record.shown.DesiredCapacity);
  put_group(call, record);
}

void alarm_action(Call& call, std::string_view policy_arn, std::string_view alarm_name) {
  const PolicyRecord policy = find_policy(call, std::string(policy_arn), std::nullopt).record;
  const GroupRecord group = find_group(call, *policy.shown.AutoScalingGroupName);
  if (group.deleting || group.suspended.contains("AlarmNotification") || !policy.shown.Enabled.value_or(true))
    return;
  if (policy.shown.TargetTrackingConfiguration) return track(call, policy, alarm_name);
  Trigger trigger{.cause = fmt::format("a monitor alarm {} in state ALARM triggered policy {}", alarm_name,
                                       *policy.shown.PolicyName),
                  .honor_cooldown = true};
  if (policy.shown.PolicyType == "StepScaling") trigger.breach = breach_of(call, policy.shown, alarm_name);
  run_policy(call, policy, trigger);
}

FoundPolicy find_policy(const Call& call, const std::string& name_or_arn,
                        const std::optional<std::string>& group) {
  FoundPolicy found;
  call.rows(kPolicies).each([&](std::string_view id, const PolicyRecord& one) {
    if (one.shown.PolicyARN != name_or_arn &&
        (one.shown.PolicyName != name_or_arn || one.shown.AutoScalingGroupName != group))
      return;
    found = {std::string(id), one};
  });
  if (found.key.empty())
    throw ServiceError("ValidationError", 400,
                       "PolicyName not found - Policy '" + name_or_arn + "' not found");
  return found;
}

void erase_policy(Call& call, const FoundPolicy& policy) {
  if (policy.record.shown.TargetTrackingConfiguration) delete_tracking_alarms(call, policy.record.shown);
  call.rows(kPolicies).erase(policy.key);
}

ScalingPolicy shown(Call& call, const PolicyRecord& record) {
  ScalingPolicy policy = record.shown;
  if (policy.TargetTrackingConfiguration) return policy;
  policy.Alarms.clear();
  Call service = call.as_service("autoscaling.amazonaws.com");
  const auto alarms = cloudwatch::DescribeAlarms(service, {.ActionPrefix = *policy.PolicyARN});
  for (const auto& alarm : alarms.MetricAlarms)
    policy.Alarms.push_back({.AlarmName = alarm.AlarmName, .AlarmARN = alarm.AlarmArn});
  return policy;
}

}  // namespace landfall::autoscaling
