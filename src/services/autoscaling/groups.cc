#include "services/autoscaling/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "elbv2/operations.h"
#include "services/ec2/ec2.h"

namespace landfall::autoscaling {
namespace {

[[noreturn]] void invalid(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  size_t at = 0;
  while (at <= text.size() && !text.empty()) {
    const size_t end = std::min(text.find(',', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string activity_key(const std::string& group, Timestamp at, const std::string& id) {
  return fmt::format("{}/{:015d}-{}", group, at.unix_ms, id);
}

}  // namespace

bool counts(const Member& member) {
  return member.shown.LifecycleState == "Pending" || member.shown.LifecycleState == "InService";
}

const Place& next_place(const std::vector<Place>& places, const std::vector<Member>& members) {
  const auto load = [&](const Place& place) {
    return std::ranges::count_if(members, [&](const Member& member) {
      return counts(member) && member.shown.AvailabilityZone == place.availability_zone;
    });
  };
  return *std::ranges::min_element(places, {}, load);
}

int next_victim(const std::vector<Member>& members) {
  std::map<std::string, int> per_zone;
  for (const Member& member : members)
    if (counts(member)) ++per_zone[member.shown.AvailabilityZone.value_or("")];
  int victim = -1;
  const auto better = [&](const Member& a, const Member& b) {
    const int in_a = per_zone[a.shown.AvailabilityZone.value_or("")],
              in_b = per_zone[b.shown.AvailabilityZone.value_or("")];
    return in_a != in_b ? in_a > in_b : a.launched < b.launched;
  };
  for (size_t i = 0; i < members.size(); ++i) {
    if (!counts(members[i]) || members[i].shown.ProtectedFromScaleIn.value_or(false)) continue;
    if (victim < 0 || better(members[i], members[static_cast<size_t>(victim)])) victim = static_cast<int>(i);
  }
  return victim;
}

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

GroupRecord find_group(const Call& call, std::string_view name) {
  const auto stored = call.rows(kGroups).get(name);
  if (!stored)
    invalid("AutoScalingGroup name not found - AutoScalingGroup '" + std::string(name) + "' not found");
  return *stored;
}

void put_group(Call& call, const GroupRecord& record) {
  call.rows(kGroups).put(*record.shown.AutoScalingGroupName, record);
}

AutoScalingGroup shown(const GroupRecord& record) {
  AutoScalingGroup group = record.shown;
  for (const Member& member : record.members) group.Instances.push_back(member.shown);
  for (const std::string& process : record.suspended)
    group.SuspendedProcesses.push_back({.ProcessName = process, .SuspensionReason = "User suspended"});
  if (record.deleting) group.Status = "Delete in progress";
  return group;
}

std::vector<Place> places_of(const Call& call, const GroupRecord& record) {
  std::vector<Place> places;
  for (const std::string& id : split(record.shown.VPCZoneIdentifier.value_or(""))) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet) invalid("The subnet ID '" + id + "' does not exist");
    places.push_back({id, subnet->availability_zone});
  }
  if (places.empty())
    if (const auto vpc = ec2::find_default_vpc(call))
      for (const auto& subnet : ec2::subnets_of_vpc(call, vpc->vpc_id))
        if (std::ranges::find(record.shown.AvailabilityZones, subnet.availability_zone) !=
            record.shown.AvailabilityZones.end())
          places.push_back({subnet.subnet_id, subnet.availability_zone});
  if (places.empty()) invalid("At least one Availability Zone or VPC Subnet is required.");
  return places;
}

void check_sizes(const AutoScalingGroup& group) {
  if (*group.MinSize < 0 || *group.MaxSize < *group.MinSize)
    invalid("Max bound, " + std::to_string(*group.MaxSize) +
            ", must be greater than or equal to min bound, " + std::to_string(*group.MinSize));
  if (*group.DesiredCapacity < *group.MinSize || *group.DesiredCapacity > *group.MaxSize)
    invalid("Desired capacity:" + std::to_string(*group.DesiredCapacity) +
            " must be between the specified min size:" + std::to_string(*group.MinSize) +
            " and max size:" + std::to_string(*group.MaxSize));
}

std::string cause_time(Timestamp time) { return format_iso8601({time.unix_ms / 1000 * 1000}); }

std::string begin_activity(Call& call, const GroupRecord& record, const std::string& description,
                           const std::string& cause) {
  const std::string& group = *record.shown.AutoScalingGroupName;
  Activity activity;
  activity.ActivityId = call.random().uuid();
  activity.AutoScalingGroupName = group;
  activity.Description = description;
  activity.Cause = cause;
  activity.StartTime = call.now;
  activity.StatusCode = "InProgress";
  activity.Progress = 50;
  activity.Details = "{}";
  activity.AutoScalingGroupARN = record.shown.AutoScalingGroupARN;
  std::vector<std::string> ids;
  call.txn.each<ActivityRecord>(
      kActivities, call.scope() + group + "/",
      [&](std::string_view id, const ActivityRecord&) { ids.emplace_back(id.substr(call.scope().size())); });
  for (size_t i = 0; ids.size() >= kActivitiesPerGroup && i <= ids.size() - kActivitiesPerGroup; ++i)
    call.rows(kActivities).erase(ids[i]);
  call.rows(kActivities).put(activity_key(group, call.now, *activity.ActivityId), {activity});
  return *activity.ActivityId;
}

void end_activity(Call& call, const GroupRecord& record, const std::string& id, const std::string& status,
                  const std::string& message) {
  std::string key;
  ActivityRecord ended;
  call.txn.each<ActivityRecord>(kActivities, call.scope() + *record.shown.AutoScalingGroupName + "/",
                                [&](std::string_view row, const ActivityRecord& one) {
                                  if (one.shown.ActivityId != id) return;
                                  key = row.substr(call.scope().size());
                                  ended = one;
                                });
  if (key.empty()) return;
  ended.shown.StatusCode = status;
  ended.shown.Progress = 100;
  ended.shown.EndTime = call.now;
  if (!message.empty()) ended.shown.StatusMessage = message;
  call.rows(kActivities).put(key, ended);
}

std::vector<Activity> activities_of(const Call& call, const std::string& group) {
  std::vector<Activity> list;
  call.txn.each<ActivityRecord>(
      kActivities, call.scope() + group + "/",
      [&](std::string_view, const ActivityRecord& one) { list.push_back(one.shown); });
  std::ranges::reverse(list);
  return list;
}

void begin_termination(Call& call, GroupRecord& record, Member& member, const std::string& cause) {
  member.shown.LifecycleState = "Terminating";
  member.activity_id =
      begin_activity(call, record, "Terminating EC2 instance: " + *member.shown.InstanceId, cause);
  Call service = call.as_service("autoscaling.amazonaws.com");
  for (const std::string& arn : record.shown.TargetGroupARNs) try {
      elbv2::DeregisterTargets(service,
                               {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
    } catch (const ServiceError& error) {
      if (error.code() != "TargetGroupNotFound") throw;  // somebody deleted it: nothing to leave
    }
}

void set_capacity(GroupRecord& record, int64_t capacity) {
  record.shown.DesiredCapacity = std::clamp(capacity, *record.shown.MinSize, *record.shown.MaxSize);
}

void run_policy(Call& call, const PolicyRecord& policy, double breach, bool honor_cooldown) {
  GroupRecord record = find_group(call, *policy.shown.AutoScalingGroupName);
  if (record.deleting || record.suspended.contains("AlarmNotification")) return;
  const int64_t cooldown = policy.shown.Cooldown.value_or(record.shown.DefaultCooldown.value_or(300));
  if (honor_cooldown && record.last_scaling.unix_ms > 0 &&
      call.now < record.last_scaling.plus_seconds(cooldown))
    return;
  const int64_t before = *record.shown.DesiredCapacity;
  set_capacity(record, adjusted_capacity(policy.shown, before, breach));
  if (*record.shown.DesiredCapacity == before) return;
  record.last_scaling = call.now;
  put_group(call, record);
}

}  // namespace landfall::autoscaling
