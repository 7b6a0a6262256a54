#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

StopInstancesResult StopInstances(Call& call, const StopInstancesRequest& in) {
  if (in.InstanceIds.empty()) throw_missing("InstanceId");
  if (in.Hibernate.value_or(false))
    throw_error("UnsupportedHibernationConfiguration",
                "The instances were not launched with hibernation options");
  const auto instances = require_instances(call, in.InstanceIds);
  for (const auto& instance : instances) {
    const LifeState s = instance->state;
    if (s == LifeState::pending || s == LifeState::shutting_down || s == LifeState::terminated)
      throw_error("IncorrectInstanceState",
                  fmt::format("This instance '{}' is not in a state from which it can be stopped.",
                              instance->instance_id));
    if (instance->disable_api_stop)
      throw_error("OperationNotPermitted", fmt::format("The instance '{}' may not be stopped. Modify its "
                                                       "'disableApiStop' instance attribute and try again.",
                                                       instance->instance_id));
  }
  StopInstancesResult out;
  for (const auto& instance : instances) {
    const bool running = instance->state == LifeState::running;
    out.StoppingInstances.push_back(state_change(instance->instance_id, instance->state,
                                                 running ? LifeState::stopping : instance->state));
    if (running)
      begin_stop(call, *instance,
                 {"Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"});
  }
  return out;
}

}  // namespace landfall::ec2
