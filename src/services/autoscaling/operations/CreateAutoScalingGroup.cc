// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
#include <algorithm>

#include "autoscaling/errors.h"
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"
#include "services/autoscaling/launch_templates.h"
#include "services/autoscaling/mixed.h"
#include "services/autoscaling/refused.h"
#include "services/autoscaling/traffic_sources.h"
#include "services/iam/iam.h"

namespace landfall::autoscaling {

namespace {

void take_what_it_launches(Call& call, AutoScalingGroup& group, const CreateAutoScalingGroupType& in) {
  if (in.LaunchTemplate.has_value() == in.MixedInstancesPolicy.has_value())
    throw_validation(
        "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or "
        "MixedInstancesPolicy parameter.");
  if (in.LaunchTemplate) group.LaunchTemplate = checked_launch_template(call, *in.LaunchTemplate);
  if (in.MixedInstancesPolicy) group.MixedInstancesPolicy = checked_policy(call, *in.MixedInstancesPolicy);
}

void add_hooks(Call& call, const CreateAutoScalingGroupType& in) {
  for (const LifecycleHookSpecification& one : in.LifecycleHookSpecificationList)
    put_hook(call, checked_hook(call,
                                {.LifecycleHookName = one.LifecycleHookName,
                                 .AutoScalingGroupName = in.AutoScalingGroupName,
                                 .LifecycleTransition = one.LifecycleTransition,
                                 .RoleARN = one.RoleARN,
                                 .NotificationTargetARN = one.NotificationTargetARN,
                                 .NotificationMetadata = one.NotificationMetadata,
                                 .HeartbeatTimeout = one.HeartbeatTimeout,
                                 .DefaultResult = one.DefaultResult},
                                nullptr));
}

}  // namespace

aws::Empty CreateAutoScalingGroup(Call& call, const CreateAutoScalingGroupType& in) {
  refuse(in, kGroupRefusals);
  refuse(in, kCreateGroupRefusals);
  const std::string& name = *in.AutoScalingGroupName;
  if (call.rows(kGroups).has(name))
    throw AlreadyExistsFault("AutoScalingGroup by this name already exists - A group with the name " + name +
                             " already exists");
  GroupRecord record;
  AutoScalingGroup& group = record.shown;
  group.AutoScalingGroupName = name;
  group.AutoScalingGroupARN =
      call.arn("autoscaling", "autoScalingGroup:" + call.random().uuid() + ":autoScalingGroupName/" + name);
  take_what_it_launches(call, group, in);
  group.MinSize = in.MinSize;
  group.MaxSize = in.MaxSize;
  group.DesiredCapacity = in.DesiredCapacity.value_or(*in.MinSize);
  check_sizes(group);
  group.DefaultCooldown = 300;
  group.AvailabilityZones = in.AvailabilityZones;
  group.VPCZoneIdentifier = in.VPCZoneIdentifier.value_or("");
  group.TargetGroupARNs = in.TargetGroupARNs;
  for (const TrafficSourceIdentifier& source : in.TrafficSources)
    add_target_group(group, target_group_of(source));
  check_target_groups(call, group.TargetGroupARNs);
  group.HealthCheckType = "EC2";
  group.HealthCheckGracePeriod = 0;
  group.TerminationPolicies = {"Default"};
  group.NewInstancesProtectedFromScaleIn = false;
  group.ServiceLinkedRoleARN = iam::ensure_service_linked_role(call, "autoscaling.amazonaws.com");
  take_settings(group, in);
  group.CreatedTime = call.now;
  for (const Tag& tag : in.Tags) put_tag(group, tag);
  const auto places = places_of(call, record);
  if (group.AvailabilityZones.empty())
    for (const Place& place : places)
      if (std::ranges::find(group.AvailabilityZones, place.availability_zone) ==
          group.AvailabilityZones.end())
        group.AvailabilityZones.push_back(place.availability_zone);
  record.cause = "At " + cause_time(call.now) +
                 " a user request created an AutoScalingGroup changing the desired capacity from 0 to " +
                 std::to_string(*group.DesiredCapacity) + ".";
  put_group(call, record);
  add_hooks(call, in);
  return {};
}

}  // namespace landfall::autoscaling
