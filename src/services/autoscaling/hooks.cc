#include "services/autoscaling/hooks.h"

#include <algorithm>

#include "autoscaling/errors.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {
namespace {

std::string result_of(const HookWait& wait, Timestamp now) {
  if (!wait.result.empty()) return wait.result;
  return now >= std::min(wait.heartbeat_until, wait.until) ? wait.default_result : "";
}

}  // namespace

HookVerdict verdict(const std::vector<HookWait>& waits, Timestamp now) {
  bool waiting = false;
  for (const HookWait& wait : waits) {
    const std::string result = result_of(wait, now);
    if (result == "ABANDON") return HookVerdict::abandon;
    waiting = waiting || result.empty();
  }
  return waiting ? HookVerdict::wait : HookVerdict::go_on;
}

std::vector<LifecycleHook> hooks_of(const Call& call, const std::string& group) {
  std::vector<LifecycleHook> hooks;
  call.txn.each<HookRecord>(
      kHooks, call.scope() + group + "/",
      [&](std::string_view, const HookRecord& record) { hooks.push_back(record.shown); });
  return hooks;
}

bool begin_hooks(Call& call, const GroupRecord& record, Member& member, std::string_view transition) {
  member.waits.clear();
  for (const LifecycleHook& hook : hooks_of(call, *record.shown.AutoScalingGroupName)) {
    if (hook.LifecycleTransition != transition) continue;
    member.waits.push_back({.hook = *hook.LifecycleHookName,
                            .token = call.random().uuid(),
                            .default_result = *hook.DefaultResult,
                            .heartbeat_until = call.now.plus_seconds(*hook.HeartbeatTimeout),
                            .until = call.now.plus_seconds(*hook.GlobalTimeout)});
  }
  if (member.waits.empty()) return false;
  member.shown.LifecycleState = transition == kLaunching ? "Pending:Wait" : "Terminating:Wait";
  return true;
}

LifecycleHook checked_hook(const Call& call, const PutLifecycleHookType& in, const LifecycleHook* existing) {
  LifecycleHook hook = existing != nullptr ? *existing : LifecycleHook{};
  hook.LifecycleHookName = in.LifecycleHookName;
  hook.AutoScalingGroupName = in.AutoScalingGroupName;
  if (in.LifecycleTransition) hook.LifecycleTransition = in.LifecycleTransition;
  if (!hook.LifecycleTransition)
    throw_validation("LifecycleTransition is a required parameter for creating a new lifecycle hook.");
  if (*hook.LifecycleTransition != kLaunching && *hook.LifecycleTransition != kTerminating)
    throw_validation("Lifecycle transition " + *hook.LifecycleTransition + " is not valid: it must be " +
                     kLaunching + " or " + kTerminating + ".");
  hook.HeartbeatTimeout =
      in.HeartbeatTimeout.value_or(hook.HeartbeatTimeout.value_or(kDefaultHeartbeatSeconds));
  if (*hook.HeartbeatTimeout < kMinHeartbeatSeconds || *hook.HeartbeatTimeout > kMaxHeartbeatSeconds)
    throw_validation("Heartbeat timeout must be between " + std::to_string(kMinHeartbeatSeconds) + " and " +
                     std::to_string(kMaxHeartbeatSeconds) + " seconds.");
  hook.GlobalTimeout = std::min(*hook.HeartbeatTimeout * kMaxHeartbeats, kMaxHoldSeconds);
  hook.DefaultResult = in.DefaultResult.value_or(hook.DefaultResult.value_or("ABANDON"));
  if (*hook.DefaultResult != "CONTINUE" && *hook.DefaultResult != "ABANDON")
    throw_validation("Lifecycle action result " + *hook.DefaultResult +
                     " is not valid: CONTINUE or ABANDON.");
  if (in.NotificationMetadata) hook.NotificationMetadata = in.NotificationMetadata;
  if (in.NotificationTargetARN) hook.NotificationTargetARN = in.NotificationTargetARN;
  if (in.RoleARN) hook.RoleARN = in.RoleARN;
  if (in.RoleARN && (!existing || existing->RoleARN != in.RoleARN))
    call.authorize("iam:PassRole", *in.RoleARN, {{"iam:PassedToService", "autoscaling.amazonaws.com"}});
  return hook;
}

void put_hook(Call& call, const LifecycleHook& hook) {
  const std::string& group = *hook.AutoScalingGroupName;
  const std::string key = group + "/" + *hook.LifecycleHookName;
  if (!call.rows(kHooks).has(key) && hooks_of(call, group).size() >= kHooksPerGroup)
    throw LimitExceededFault("You already have the maximum number of lifecycle hooks, " +
                             std::to_string(kHooksPerGroup) + ", for this group.");
  call.rows(kHooks).put(key, {hook});
}

WaitingAt find_wait(const Call& call, const std::string& group, const std::string& hook,
                    const std::optional<std::string>& instance, const std::optional<std::string>& token) {
  WaitingAt at{.record = find_group(call, group)};
  if (!instance && !token) throw_validation("Either InstanceId or LifecycleActionToken must be specified.");
  for (at.member = 0; at.member < at.record.members.size(); ++at.member) {
    const Member& member = at.record.members[at.member];
    if (instance && member.shown.InstanceId != instance) continue;
    for (at.wait = 0; at.wait < member.waits.size(); ++at.wait) {
      const HookWait& wait = member.waits[at.wait];
      if (wait.hook == hook && wait.result.empty() && (!token || wait.token == *token)) return at;
    }
  }
  throw_validation(instance ? "No active Lifecycle Action found with instance ID " + *instance
                            : "No active Lifecycle Action found with token " + *token);
}

}  // namespace landfall::autoscaling
