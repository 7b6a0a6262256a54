// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
#include <algorithm>

#include "autoscaling/errors.h"
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty CreateAutoScalingGroup(Call& call, const CreateAutoScalingGroupType& in) {
  const std::string& name = *in.AutoScalingGroupName;
  if (call.rows(kGroups).has(name))
    throw AlreadyExistsFault("AutoScalingGroup by this name already exists - A group with the name " + name +
                             " already exists");
  if (!in.LaunchTemplate)
    throw ServiceError("ValidationError", 400,
                       "Landfall starts groups from a LaunchTemplate: specify one (launch configurations and "
                       "mixed instances policies are not supported yet)");
  GroupRecord record;
  AutoScalingGroup& group = record.shown;
  group.AutoScalingGroupName = name;
  group.AutoScalingGroupARN =
      call.arn("autoscaling", "autoScalingGroup:" + call.random().uuid() + ":autoScalingGroupName/" + name);
  group.LaunchTemplate = in.LaunchTemplate;
  group.MinSize = in.MinSize;
  group.MaxSize = in.MaxSize;
  group.DesiredCapacity = in.DesiredCapacity.value_or(*in.MinSize);
  check_sizes(group);
  group.DefaultCooldown = in.DefaultCooldown.value_or(300);
  group.AvailabilityZones = in.AvailabilityZones;
  group.VPCZoneIdentifier = in.VPCZoneIdentifier.value_or("");
  group.TargetGroupARNs = in.TargetGroupARNs;
  group.HealthCheckType = in.HealthCheckType.value_or("EC2");
  group.HealthCheckGracePeriod = in.HealthCheckGracePeriod.value_or(0);
  group.TerminationPolicies =
      in.TerminationPolicies.empty() ? std::vector<std::string>{"Default"} : in.TerminationPolicies;
  group.NewInstancesProtectedFromScaleIn = in.NewInstancesProtectedFromScaleIn.value_or(false);
  group.CreatedTime = call.now;
  for (const Tag& tag : in.Tags)
    group.Tags.push_back({.ResourceId = name,
                          .ResourceType = "auto-scaling-group",
                          .Key = tag.Key,
                          .Value = tag.Value,
                          .PropagateAtLaunch = tag.PropagateAtLaunch.value_or(false)});
  const auto places = places_of(call, record);
  if (group.AvailabilityZones.empty())
    for (const Place& place : places)
      if (std::ranges::find(group.AvailabilityZones, place.availability_zone) ==
          group.AvailabilityZones.end())
        group.AvailabilityZones.push_back(place.availability_zone);
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
