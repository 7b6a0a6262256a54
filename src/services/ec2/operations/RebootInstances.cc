#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty RebootInstances(Call& call, const RebootInstancesRequest& in) {
  if (in.InstanceIds.empty()) throw_missing("InstanceId");
  const auto instances = require_instances(call, in.InstanceIds);
  for (const auto& instance : instances) {
    if (instance->state != LifeState::running)
      throw_error("IncorrectState",
                  fmt::format("The instance '{}' is not in a state from which it can be rebooted.",
                              instance->instance_id));
  }
  for (const auto& record : instances) {
    InstanceRecord instance = *record;
    ++instance.reboot_generation;
    put_instance(call, instance);
  }
  return {};
}

}  // namespace landfall::ec2
