// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html
#include "cloudformation/operations.h"
#include "services/cloudformation/engine.h"
#include "services/cloudformation/signals.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

aws::Empty SignalResource(Call& call, const SignalResourceInput& in) {
  StackRecord stack = find_stack(call, *in.StackName).record;
  if (!stack.status.ends_with("_IN_PROGRESS"))
    throw ServiceError(
        "ValidationError", 400,
        "Stack:" + stack.stack_id + " is in " + stack.status + " state and can not be signaled.");
  const auto found = stack.resources.find(*in.LogicalResourceId);
  if (found == stack.resources.end())
    throw ServiceError("ValidationError", 400,
                       "Resource " + *in.LogicalResourceId + " does not exist for stack " + stack.name);
  take_signal(found->second, *in.UniqueId, *in.Status);
  add_resource_event(call, stack, found->second, found->second.status,
                     "Received " + *in.Status + " signal with UniqueId " + *in.UniqueId);
  put_stack(call, stack);
  return {};
}

}  // namespace landfall::cloudformation
