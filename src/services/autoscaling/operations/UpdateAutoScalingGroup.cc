// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty UpdateAutoScalingGroup(Call& call, const UpdateAutoScalingGroupType& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  AutoScalingGroup& group = record.shown;
  const auto set = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  set(group.LaunchTemplate, in.LaunchTemplate);
  set(group.MinSize, in.MinSize);
  set(group.MaxSize, in.MaxSize);
  set(group.DesiredCapacity, in.DesiredCapacity);
  if (!in.DesiredCapacity) set_capacity(record, *group.DesiredCapacity);
  check_sizes(group);
  set(group.DefaultCooldown, in.DefaultCooldown);
  set(group.VPCZoneIdentifier, in.VPCZoneIdentifier);
  set(group.HealthCheckType, in.HealthCheckType);
  set(group.HealthCheckGracePeriod, in.HealthCheckGracePeriod);
  set(group.NewInstancesProtectedFromScaleIn, in.NewInstancesProtectedFromScaleIn);
  if (!in.AvailabilityZones.empty()) group.AvailabilityZones = in.AvailabilityZones;
  if (!in.TerminationPolicies.empty()) group.TerminationPolicies = in.TerminationPolicies;
  places_of(call, record);
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
