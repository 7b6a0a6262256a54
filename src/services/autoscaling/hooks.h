// Lifecycle hooks: instances that wait for somebody's word before they enter service or go.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

inline constexpr char kLaunching[] = "autoscaling:EC2_INSTANCE_LAUNCHING";
inline constexpr char kTerminating[] = "autoscaling:EC2_INSTANCE_TERMINATING";
inline constexpr int64_t kDefaultHeartbeatSeconds = 3600;
inline constexpr int64_t kMinHeartbeatSeconds = 30, kMaxHeartbeatSeconds = 7200;
// A hook holds for at most 100 heartbeats, and never longer than two days.
inline constexpr int64_t kMaxHeartbeats = 100;
inline constexpr int64_t kMaxHoldSeconds = 48 * 3600;

// --- decisions, pure

enum class HookVerdict { wait, go_on, abandon };
// Of all hooks that the member waits for. A launch is abandoned by the first that says so; a termination goes
// on whatever they say, ABANDON only spares it the others.
HookVerdict verdict(const std::vector<HookWait>& waits, Timestamp now);

// --- records

std::vector<LifecycleHook> hooks_of(const Call& call, const std::string& group);
// Sets the member waiting for the group's hooks of that transition; false: there are none.
bool begin_hooks(Call& call, const GroupRecord& record, Member& member, std::string_view transition);
// Defaults, limits and what may not be combined; throws ValidationError.
LifecycleHook checked_hook(const Call& call, const PutLifecycleHookType& in, const LifecycleHook* existing);
void put_hook(Call& call, const LifecycleHook& hook);

struct WaitingAt {
  GroupRecord record;
  size_t member = 0, wait = 0;
};
// The wait that a completion or heartbeat is about, by instance or token; throws ValidationError.
WaitingAt find_wait(const Call& call, const std::string& group, const std::string& hook,
                    const std::optional<std::string>& instance, const std::optional<std::string>& token);

}  // namespace landfall::autoscaling
