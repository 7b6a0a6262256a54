#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

StartInstancesResult StartInstances(Call& call, const StartInstancesRequest& in) {
  if (in.InstanceIds.empty()) throw_missing("InstanceId");
  const auto instances = require_instances(call, in.InstanceIds);
  for (const auto& instance : instances) {
    const LifeState s = instance->state;
    if (s == LifeState::stopping || s == LifeState::shutting_down || s == LifeState::terminated)
      throw_error("IncorrectInstanceState",
                  fmt::format("The instance '{}' is not in a state from which it can be started.",
                              instance->instance_id));
  }
  StartInstancesResult out;
  for (const auto& record : instances) {
    InstanceRecord instance = *record;
    const bool stopped = instance.state == LifeState::stopped;
    if (stopped) {
      instance.state = LifeState::pending;
      instance.state_since = instance.launched_at = call.now;
      instance.state_reason_code.clear();
      instance.state_reason.clear();
      instance.transition_reason.clear();
      ++instance.reboot_generation;  // a Workload that exited by itself starts again only with a new one
      if (instance.wants_public_ip) lend_public_address(call, instance.interface_id);
      put_instance(call, instance);
      publish_metadata(call, instance.vpc_id);
    }
    out.StartingInstances.push_back(state_change(instance.instance_id, record->state, instance.state));
  }
  return out;
}

}  // namespace landfall::ec2
