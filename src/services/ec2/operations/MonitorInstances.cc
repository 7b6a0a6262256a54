#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

MonitorInstancesResult MonitorInstances(Call& call, const MonitorInstancesRequest& in) {
  MonitorInstancesResult out;
  for (const auto& found : require_instances(call, in.InstanceIds)) {
    InstanceRecord instance = *found;
    instance.detailed_monitoring = true;
    put_instance(call, instance);
    InstanceMonitoring& shown = out.InstanceMonitorings.emplace_back();
    shown.InstanceId = instance.instance_id;
    shown.Monitoring.emplace().State = "enabled";
  }
  return out;
}

}  // namespace landfall::ec2
