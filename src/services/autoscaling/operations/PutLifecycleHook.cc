// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"

namespace landfall::autoscaling {

PutLifecycleHookAnswer PutLifecycleHook(Call& call, const PutLifecycleHookType& in) {
  find_group(call, *in.AutoScalingGroupName);
  const auto existing = call.rows(kHooks).get(*in.AutoScalingGroupName + "/" + *in.LifecycleHookName);
  put_hook(call, checked_hook(call, in, existing ? &existing->shown : nullptr));
  return {};
}

}  // namespace landfall::autoscaling
