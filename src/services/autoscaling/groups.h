// Groups: the decisions (pure) and what the operations share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

// --- decisions, pure

struct Place {
  std::string subnet_id, availability_zone;
};
// Where the next instance goes: the zone with the fewest members that are not on their way out; ties in
// order.
const Place& next_place(const std::vector<Place>& places, const std::vector<Member>& members);
// Which goes when there is one too many: of the zone with the most, the one that the termination policies
// choose, in their order; then the oldest. -1: none may go.
int next_victim(const std::vector<Member>& members, const std::vector<std::string>& policies);
bool counts(const Member& member);  // towards the capacity

inline constexpr char kServicePrincipal[] = "autoscaling.amazonaws.com";
[[noreturn]] void throw_validation(const std::string& why);  // ValidationError
inline constexpr int64_t kDefaultPage = 50;                  // of most Describe operations

// --- records

GroupRecord find_group(
    const Call& call,
    std::string_view name);  // throws ValidationError "AutoScalingGroup name not found - ..."
void put_group(Call& call, const GroupRecord& record);
AutoScalingGroup shown(const GroupRecord& record);
void put_tag(AutoScalingGroup& group, const Tag& tag);  // instead of one with the same key
std::vector<Place> places_of(const Call& call, const GroupRecord& record);
void check_sizes(const AutoScalingGroup& group);
// The member of this group with that instance; throws ValidationError.
Member& find_member(GroupRecord& record, const std::string& instance_id);
void check_termination_policies(const std::vector<std::string>& policies);
inline constexpr const char* kTerminationPolicies[] = {
    "AllocationStrategy",        "ClosestToNextInstanceHour", "Default", "NewestInstance", "OldestInstance",
    "OldestLaunchConfiguration", "OldestLaunchTemplate"};
inline constexpr const char* kProcesses[] = {
    "Launch",      "Terminate",       "AddToLoadBalancer", "AlarmNotification", "AZRebalance",
    "HealthCheck", "InstanceRefresh", "ReplaceUnhealthy",  "ScheduledActions"};
std::string cause_time(Timestamp time);  // as Cause texts write it: 2026-11-22T10:00:00Z

// Refuses what cannot be and takes away what "none" is written as (0, -1, ""). Throws ValidationError.
void normalize_settings(AutoScalingGroup& group);

// What Create and Update have in common beside the sizes: both structures have these members.
template <class In>
void take_settings(AutoScalingGroup& group, const In& in) {
  const auto set = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  set(group.DefaultCooldown, in.DefaultCooldown);
  set(group.HealthCheckType, in.HealthCheckType);
  set(group.HealthCheckGracePeriod, in.HealthCheckGracePeriod);
  set(group.NewInstancesProtectedFromScaleIn, in.NewInstancesProtectedFromScaleIn);
  set(group.PlacementGroup, in.PlacementGroup);
  set(group.ServiceLinkedRoleARN, in.ServiceLinkedRoleARN);
  set(group.CapacityRebalance, in.CapacityRebalance);
  set(group.Context, in.Context);
  set(group.DesiredCapacityType, in.DesiredCapacityType);
  set(group.InstanceMaintenancePolicy, in.InstanceMaintenancePolicy);
  set(group.AvailabilityZoneDistribution, in.AvailabilityZoneDistribution);
  set(group.AvailabilityZoneImpairmentPolicy, in.AvailabilityZoneImpairmentPolicy);
  set(group.CapacityReservationSpecification, in.CapacityReservationSpecification);
  set(group.MaxInstanceLifetime, in.MaxInstanceLifetime);
  set(group.DefaultInstanceWarmup, in.DefaultInstanceWarmup);
  if (!in.TerminationPolicies.empty()) group.TerminationPolicies = in.TerminationPolicies;
  normalize_settings(group);
}
// Writes an activity that begins now; its id.
std::string begin_activity(Call& call, const GroupRecord& record, const std::string& description,
                           const std::string& cause);
void end_activity(Call& call, const GroupRecord& record, const std::string& id, const std::string& status,
                  const std::string& message = {});
std::vector<Activity> activities_of(const Call& call, const std::string& group);  // newest first

// An activity that is over as it begins, as its operation answers it.
Activity note_activity(Call& call, const GroupRecord& record, const std::string& description,
                       const std::string& cause);
void leave_target_groups(Call& call, const GroupRecord& record, const Member& member);
void decrement_capacity(GroupRecord& record);  // throws ValidationError at the minimum

// Takes it out of service: Terminating, deregistered. `cause` as DescribeScalingActivities shows it.
void begin_termination(Call& call, GroupRecord& record, Member& member, const std::string& cause);
void set_capacity(GroupRecord& record, int64_t capacity);

}  // namespace landfall::autoscaling
