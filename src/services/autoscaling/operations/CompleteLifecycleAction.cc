// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CompleteLifecycleAction.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"

namespace landfall::autoscaling {

CompleteLifecycleActionAnswer CompleteLifecycleAction(Call& call, const CompleteLifecycleActionType& in) {
  if (*in.LifecycleActionResult != "CONTINUE" && *in.LifecycleActionResult != "ABANDON")
    throw ServiceError("ValidationError", 400,
                       "Lifecycle action result " + *in.LifecycleActionResult +
                           " is not valid: it must be CONTINUE or ABANDON.");
  WaitingAt at = find_wait(call, *in.AutoScalingGroupName, *in.LifecycleHookName, in.InstanceId,
                           in.LifecycleActionToken);
  at.record.members[at.member].waits[at.wait].result = *in.LifecycleActionResult;
  put_group(call, at.record);
  return {};
}

}  // namespace landfall::autoscaling
