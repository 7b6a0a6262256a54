// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLifecycleHooks.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"

namespace landfall::autoscaling {

DescribeLifecycleHooksAnswer DescribeLifecycleHooks(Call& call, const DescribeLifecycleHooksType& in) {
  find_group(call, *in.AutoScalingGroupName);
  DescribeLifecycleHooksAnswer out;
  for (LifecycleHook& hook : hooks_of(call, *in.AutoScalingGroupName))
    if (in.LifecycleHookNames.empty() ||
        std::ranges::find(in.LifecycleHookNames, *hook.LifecycleHookName) != in.LifecycleHookNames.end())
      out.LifecycleHooks.push_back(std::move(hook));
  return out;
}

}  // namespace landfall::autoscaling
