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
// Which goes when there is one too many: of the zone with the most, the oldest that is not protected. -1:
// none may go.
int next_victim(const std::vector<Member>& members);
bool counts(const Member& member);  // towards the capacity
// The capacity that a policy asks for; `breach`: by how much the metric is over (or under) the threshold, for
// steps.
int64_t adjusted_capacity(const ScalingPolicy& policy, int64_t current, double breach);

// --- records

GroupRecord find_group(
    const Call& call,
    std::string_view name);  // throws ValidationError "AutoScalingGroup name not found - ..."
void put_group(Call& call, const GroupRecord& record);
AutoScalingGroup shown(const GroupRecord& record);
std::vector<Place> places_of(const Call& call, const GroupRecord& record);
void check_sizes(const AutoScalingGroup& group);
std::string cause_time(Timestamp time);  // as Cause texts write it: 2026-11-22T10:00:00Z

// Writes an activity that begins now; its id.
std::string begin_activity(Call& call, const GroupRecord& record, const std::string& description,
                           const std::string& cause);
void end_activity(Call& call, const GroupRecord& record, const std::string& id, const std::string& status,
                  const std::string& message = {});
std::vector<Activity> activities_of(const Call& call, const std::string& group);  // newest first

// Takes it out of service: Terminating, deregistered. `cause` as DescribeScalingActivities shows it.
void begin_termination(Call& call, GroupRecord& record, Member& member, const std::string& cause);
void run_policy(Call& call, const PolicyRecord& policy, double breach, bool honor_cooldown);
void set_capacity(GroupRecord& record, int64_t capacity);

}  // namespace landfall::autoscaling
