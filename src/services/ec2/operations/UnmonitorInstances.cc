#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

UnmonitorInstancesResult UnmonitorInstances(Call& call, const UnmonitorInstancesRequest& in) {
  UnmonitorInstancesResult out;
  for (const auto& found : require_instances(call, in.InstanceIds)) {
    InstanceRecord instance = *found;
    instance.detailed_monitoring = false;
    put_instance(call, instance);
    InstanceMonitoring& shown = out.InstanceMonitorings.emplace_back();
    shown.InstanceId = instance.instance_id;
    shown.Monitoring.emplace().State = "disabled";
  }
  return out;
}

}  // namespace landfall::ec2
