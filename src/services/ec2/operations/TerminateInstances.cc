#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

TerminateInstancesResult TerminateInstances(Call& call, const TerminateInstancesRequest& in) {
  if (in.InstanceIds.empty()) throw_missing("InstanceId");
  const auto instances = require_instances(call, in.InstanceIds);
  for (const auto& instance : instances) {
    if (instance->disable_api_termination)
      throw_error("OperationNotPermitted",
                  fmt::format("The instance '{}' may not be terminated. Modify its 'disableApiTermination' "
                              "instance attribute and try again.",
                              instance->instance_id));
  }
  TerminateInstancesResult out;
  for (const auto& instance : instances) {
    const bool done = instance->state == LifeState::shutting_down || instance->state == LifeState::terminated;
    out.TerminatingInstances.push_back(state_change(instance->instance_id, instance->state,
                                                    done ? instance->state : LifeState::shutting_down));
    if (!done)
      begin_terminate(
          call, *instance,
          {"Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"});
  }
  return out;
}

}  // namespace landfall::ec2
