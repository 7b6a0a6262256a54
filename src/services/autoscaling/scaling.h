// Scaling policies: the capacity that each kind asks for (pure), and what happens when one is run.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scale-based-on-demand.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

// The capacity that a policy asks for; `breach`: by how much the metric is over (or under) the threshold, for
// steps.
int64_t adjusted_capacity(const ScalingPolicy& policy, int64_t current, double breach);
// The capacity at which a metric that is shared evenly by `capacity` instances would be at its target.
int64_t tracked_capacity(int64_t capacity, double metric, double target);
enum class Direction { out, in };
// A decision made of `warm` instances (those that the metric is of), for a group that already wants
// `desired`: what is on its way counts, so that one rise is not answered twice.
int64_t combined_capacity(int64_t desired, int64_t asked, Direction direction);
int64_t warm_members(const std::vector<Member>& members, Timestamp now, int64_t warmup_seconds);

int64_t warmup_of(const ScalingPolicy& policy, const AutoScalingGroup& group);  // seconds

struct Trigger {
  std::string cause;  // "a monitor alarm hot in state ALARM triggered policy up"
  double breach = 0;  // of a step policy
  bool honor_cooldown = false;
};
// Simple and step policies.
void run_policy(Call& call, const PolicyRecord& policy, const Trigger& trigger);
// What an alarm's action does: any kind of policy, by its ARN.
void alarm_action(Call& call, std::string_view policy_arn, std::string_view alarm_name);

// By name or ARN; throws ValidationError.
struct FoundPolicy {
  std::string key;
  PolicyRecord record;
};
FoundPolicy find_policy(const Call& call, const std::string& name_or_arn,
                        const std::optional<std::string>& group);
// The record goes, and with it the alarms that it owns.
void erase_policy(Call& call, const FoundPolicy& policy);
// With the alarms whose actions name it.
ScalingPolicy shown(Call& call, const PolicyRecord& record);

}  // namespace landfall::autoscaling
