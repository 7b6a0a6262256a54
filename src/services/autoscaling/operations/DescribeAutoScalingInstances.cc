// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
#include <algorithm>
#include <map>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

AutoScalingInstancesType DescribeAutoScalingInstances(Call& call,
                                                      const DescribeAutoScalingInstancesType& in) {
  std::map<std::string, AutoScalingInstanceDetails> all;  // by id: stable pages
  call.rows(kGroups).each([&](std::string_view name, const GroupRecord& record) {
    for (const Member& member : record.members) {
      const std::string& id = *member.shown.InstanceId;
      if (!in.InstanceIds.empty() && std::ranges::find(in.InstanceIds, id) == in.InstanceIds.end()) continue;
      all[id] = {.InstanceId = id,
                 .InstanceType = member.shown.InstanceType,
                 .AutoScalingGroupName = std::string(name),
                 .AvailabilityZone = member.shown.AvailabilityZone,
                 .LifecycleState = member.shown.LifecycleState,
                 .HealthStatus = member.shown.HealthStatus == "Healthy" ? "HEALTHY" : "UNHEALTHY",
                 .LaunchTemplate = member.shown.LaunchTemplate,
                 .ProtectedFromScaleIn = member.shown.ProtectedFromScaleIn};
    }
  });
  AutoScalingInstancesType out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  for (auto& [id, details] : all) {
    if (in.NextToken && id <= *in.NextToken) continue;
    if (out.AutoScalingInstances.size() == limit) {
      out.NextToken = out.AutoScalingInstances.back().InstanceId;
      break;
    }
    out.AutoScalingInstances.push_back(std::move(details));
  }
  return out;
}

}  // namespace landfall::autoscaling
