#include "services/autoscaling/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "elbv2/operations.h"
#include "services/ec2/ec2.h"

namespace landfall::autoscaling {
namespace {

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
  const std::string& state = *member.shown.LifecycleState;
  return state.starts_with("Pending") || state == "InService";
}

const Place& next_place(const std::vector<Place>& places, const std::vector<Member>& members) {
  const auto load = [&](const Place& place) {
    return std::ranges::count_if(members, [&](const Member& member) {
      return counts(member) && member.shown.AvailabilityZone == place.availability_zone;
    });
  };
  return *std::ranges::min_element(places, {}, load);
}

namespace {

int64_t version_of(const Member& member) {
  const auto& launch_template = member.shown.LaunchTemplate;
  return launch_template ? std::atoll(launch_template->Version.value_or("0").c_str()) : 0;
}

// Whether `a` goes rather than `b`, both in the zone that is chosen.
bool goes_before(const Member& a, const Member& b, const std::string& policy) {
  if (policy == "NewestInstance") return b.launched < a.launched;
  if (policy == "OldestInstance") return a.launched < b.launched;
  if (policy == "ClosestToNextInstanceHour")
    return a.launched.unix_ms % 3'600'000 > b.launched.unix_ms % 3'600'000;
  // OldestLaunchTemplate, OldestLaunchConfiguration, and what Default begins with.
  return version_of(a) < version_of(b);
}

}  // namespace

int next_victim(const std::vector<Member>& members, const std::vector<std::string>& policies) {
  std::map<std::string, int> per_zone;
  for (const Member& member : members)
    if (counts(member)) ++per_zone[member.shown.AvailabilityZone.value_or("")];
  int victim = -1;
  const auto better = [&](const Member& a, const Member& b) {
    const int in_a = per_zone[a.shown.AvailabilityZone.value_or("")],
              in_b = per_zone[b.shown.AvailabilityZone.value_or("")];
    if (in_a != in_b) return in_a > in_b;
    for (const std::string& policy : policies) {
      if (goes_before(a, b, policy)) return true;
      if (goes_before(b, a, policy)) return false;
    }
    return a.launched < b.launched;
  };
  for (size_t i = 0; i < members.size(); ++i) {
    if (!counts(members[i]) || members[i].shown.ProtectedFromScaleIn.value_or(false)) continue;
    if (victim < 0 || better(members[i], members[static_cast<size_t>(victim)])) victim = static_cast<int>(i);
  }
  return victim;
}

void throw_validation(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

GroupRecord find_group(const Call& call, std::string_view name) {
  const auto stored = call.rows(kGroups).get(name);
  if (!stored)
    throw_validation("AutoScalingGroup name not found - AutoScalingGroup '" + std::string(name) +
                     "' not found");
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
  for (const std::string& arn : record.shown.TargetGroupARNs)
    group.TrafficSources.push_back({.Identifier = arn, .Type = "elbv2"});
  if (record.deleting) group.Status = "Delete in progress";
  return group;
}

void put_tag(AutoScalingGroup& group, const Tag& tag) {
  std::erase_if(group.Tags, [&](const TagDescription& old) { return old.Key == tag.Key; });
  group.Tags.push_back({.ResourceId = group.AutoScalingGroupName,
                        .ResourceType = "auto-scaling-group",
                        .Key = tag.Key,
                        .Value = tag.Value.value_or(""),
                        .PropagateAtLaunch = tag.PropagateAtLaunch.value_or(false)});
  std::ranges::sort(group.Tags, {}, [](const TagDescription& one) { return one.Key.value_or(""); });
}

std::vector<Place> places_of(const Call& call, const GroupRecord& record) {
  std::vector<Place> places;
  for (const std::string& id : split(record.shown.VPCZoneIdentifier.value_or(""))) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet) throw_validation("The subnet ID '" + id + "' does not exist");
    places.push_back({id, subnet->availability_zone});
  }
  if (places.empty())
    if (const auto vpc = ec2::find_default_vpc(call))
      for (const auto& subnet : ec2::subnets_of_vpc(call, vpc->vpc_id))
        if (std::ranges::find(record.shown.AvailabilityZones, subnet.availability_zone) !=
            record.shown.AvailabilityZones.end())
          places.push_back({subnet.subnet_id, subnet.availability_zone});
  if (places.empty()) throw_validation("At least one Availability Zone or VPC Subnet is required.");
  return places;
}

void check_sizes(const AutoScalingGroup& group) {
  if (*group.MinSize < 0 || *group.MaxSize < *group.MinSize)
    throw_validation("Max bound, " + std::to_string(*group.MaxSize) +
                     ", must be greater than or equal to min bound, " + std::to_string(*group.MinSize));
  if (*group.DesiredCapacity < *group.MinSize || *group.DesiredCapacity > *group.MaxSize)
    throw_validation("Desired capacity:" + std::to_string(*group.DesiredCapacity) +
                     " must be between the specified min size:" + std::to_string(*group.MinSize) +
                     " and max size:" + std::to_string(*group.MaxSize));
}

Member& find_member(GroupRecord& record, const std::string& instance_id) {
  const auto member = std::ranges::find_if(
      record.members, [&](const Member& one) { return one.shown.InstanceId == instance_id; });
  if (member == record.members.end())
    throw_validation("The instance " + instance_id + " is not part of Auto Scaling group " +
                     *record.shown.AutoScalingGroupName + ".");
  return *member;
}

void check_termination_policies(const std::vector<std::string>& policies) {
  for (const std::string& policy : policies)
    if (std::ranges::find(kTerminationPolicies, policy) == std::end(kTerminationPolicies))
      throw_validation("TerminationPolicy " + policy + " is not valid.");
}

void normalize_settings(AutoScalingGroup& group) {
  constexpr int64_t kLeastLifetime = 86'400, kMostLifetime = 31'536'000;
  check_termination_policies(group.TerminationPolicies);
  const std::string& type = *group.HealthCheckType;
  for (const std::string& one : split(type))
    if (one != "EC2" && one != "ELB" && one != "VPC_LATTICE" && one != "EBS")
      throw_validation("Health check type " + one + " is not valid.");
  if (*group.HealthCheckGracePeriod < 0) throw_validation("HealthCheckGracePeriod must not be negative.");
  if (group.MaxInstanceLifetime == 0) group.MaxInstanceLifetime.reset();
  if (group.MaxInstanceLifetime &&
      (*group.MaxInstanceLifetime < kLeastLifetime || *group.MaxInstanceLifetime > kMostLifetime))
    throw_validation("Max instance lifetime must be between 86400 and 31536000 seconds.");
  if (group.DefaultInstanceWarmup == -1) group.DefaultInstanceWarmup.reset();
  if (group.PlacementGroup == "") group.PlacementGroup.reset();
  // Every group has one; Terraform's provider takes none for one without a preference.
  auto& reservation = group.CapacityReservationSpecification;
  if (!reservation) reservation.emplace();
  if (reservation->CapacityReservationPreference.value_or("").empty())
    reservation->CapacityReservationPreference = "default";
  if (const auto& policy = group.InstanceMaintenancePolicy;
      policy && policy->MinHealthyPercentage == -1 && policy->MaxHealthyPercentage == -1)
    group.InstanceMaintenancePolicy.reset();
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

Activity note_activity(Call& call, const GroupRecord& record, const std::string& description,
                       const std::string& cause) {
  const std::string id = begin_activity(call, record, description, cause);
  end_activity(call, record, id, "Successful");
  for (const Activity& one : activities_of(call, *record.shown.AutoScalingGroupName))
    if (one.ActivityId == id) return one;
  return {};
}

void leave_target_groups(Call& call, const GroupRecord& record, const Member& member) {
  Call service = call.as_service("autoscaling.amazonaws.com");
  for (const std::string& arn : record.shown.TargetGroupARNs) try {
      elbv2::DeregisterTargets(service,
                               {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
    } catch (const ServiceError& error) {
      if (error.code() != "TargetGroupNotFound") throw;  // somebody deleted it: nothing to leave
    }
}

void decrement_capacity(GroupRecord& record) {
  if (*record.shown.DesiredCapacity <= *record.shown.MinSize)
    throw_validation("AutoScalingGroup " + *record.shown.AutoScalingGroupName +
                     " has min-size=" + std::to_string(*record.shown.MinSize) +
                     ", desired-capacity=" + std::to_string(*record.shown.DesiredCapacity) +
                     ": it cannot be decremented below its minimum.");
  --*record.shown.DesiredCapacity;
}

void begin_termination(Call& call, GroupRecord& record, Member& member, const std::string& cause) {
  member.shown.LifecycleState = "Terminating";
  member.waits.clear();
  member.activity_id =
      begin_activity(call, record, "Terminating EC2 instance: " + *member.shown.InstanceId, cause);
  leave_target_groups(call, record, member);
}

void set_capacity(GroupRecord& record, int64_t capacity) {
  record.shown.DesiredCapacity = std::clamp(capacity, *record.shown.MinSize, *record.shown.MaxSize);
}

}  // namespace landfall::autoscaling
