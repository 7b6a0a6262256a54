// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteLifecycleHook.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DeleteLifecycleHookAnswer DeleteLifecycleHook(Call& call, const DeleteLifecycleHookType& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  const std::string key = *in.AutoScalingGroupName + "/" + *in.LifecycleHookName;
  if (!call.rows(kHooks).has(key))
    throw ServiceError("ValidationError", 400, "No Lifecycle Hook found with name " + *in.LifecycleHookName);
  call.rows(kHooks).erase(key);
  // Those that wait for it are let go: ABANDON of a launch, CONTINUE of a termination.
  for (Member& member : record.members)
    for (HookWait& wait : member.waits)
      if (wait.hook == *in.LifecycleHookName && wait.result.empty())
        wait.result = member.shown.LifecycleState == "Pending:Wait" ? "ABANDON" : "CONTINUE";
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
