// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

AutoScalingInstancesType DescribeAutoScalingInstances(Call& call,
                                                      const DescribeAutoScalingInstancesType& in) {
  AutoScalingInstancesType out;
  call.rows(kGroups).each([&](std::string_view name, const GroupRecord& record) {
    for (const Member& member : record.members) {
      if (!in.InstanceIds.empty() &&
          std::ranges::find(in.InstanceIds, *member.shown.InstanceId) == in.InstanceIds.end())
        continue;
      out.AutoScalingInstances.push_back(
          {.InstanceId = member.shown.InstanceId,
           .InstanceType = member.shown.InstanceType,
           .AutoScalingGroupName = std::string(name),
           .AvailabilityZone = member.shown.AvailabilityZone,
           .LifecycleState = member.shown.LifecycleState,
           .HealthStatus = member.shown.HealthStatus == "Healthy" ? "HEALTHY" : "UNHEALTHY",
           .LaunchTemplate = member.shown.LaunchTemplate,
           .ProtectedFromScaleIn = member.shown.ProtectedFromScaleIn});
    }
  });
  return out;
}

}  // namespace landfall::autoscaling
