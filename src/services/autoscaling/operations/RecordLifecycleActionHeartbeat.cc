// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RecordLifecycleActionHeartbeat.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"

namespace landfall::autoscaling {

RecordLifecycleActionHeartbeatAnswer RecordLifecycleActionHeartbeat(
    Call& call, const RecordLifecycleActionHeartbeatType& in) {
  WaitingAt at = find_wait(call, *in.AutoScalingGroupName, *in.LifecycleHookName, in.InstanceId,
                           in.LifecycleActionToken);
  int64_t heartbeat = kDefaultHeartbeatSeconds;
  for (const LifecycleHook& hook : hooks_of(call, *in.AutoScalingGroupName))
    if (hook.LifecycleHookName == in.LifecycleHookName) heartbeat = *hook.HeartbeatTimeout;
  at.record.members[at.member].waits[at.wait].heartbeat_until = call.now.plus_seconds(heartbeat);
  put_group(call, at.record);
  return {};
}

}  // namespace landfall::autoscaling
