// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
#include <fmt/format.h>

#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/launch_templates.h"
#include "services/autoscaling/mixed.h"
#include "services/autoscaling/refused.h"

namespace landfall::autoscaling {

aws::Empty UpdateAutoScalingGroup(Call& call, const UpdateAutoScalingGroupType& in) {
  refuse(in, kGroupRefusals);
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  AutoScalingGroup& group = record.shown;
  const auto set = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  if (in.LaunchTemplate && in.MixedInstancesPolicy)
    throw_validation("Valid requests must contain either LaunchTemplate or MixedInstancesPolicy.");
  if (in.LaunchTemplate) {
    group.LaunchTemplate = checked_launch_template(call, *in.LaunchTemplate);
    group.MixedInstancesPolicy.reset();
  }
  if (in.MixedInstancesPolicy) {
    group.MixedInstancesPolicy = checked_policy(call, *in.MixedInstancesPolicy);
    group.LaunchTemplate.reset();
  }
  const int64_t before = *group.DesiredCapacity;
  set(group.MinSize, in.MinSize);
  set(group.MaxSize, in.MaxSize);
  set(group.DesiredCapacity, in.DesiredCapacity);
  if (!in.DesiredCapacity && *group.MinSize <= *group.MaxSize) set_capacity(record, before);
  check_sizes(group);
  set(group.VPCZoneIdentifier, in.VPCZoneIdentifier);
  if (!in.AvailabilityZones.empty()) group.AvailabilityZones = in.AvailabilityZones;
  take_settings(group, in);
  const auto places = places_of(call, record);
  if (in.VPCZoneIdentifier && in.AvailabilityZones.empty()) {
    group.AvailabilityZones.clear();
    for (const Place& place : places)
      if (std::ranges::find(group.AvailabilityZones, place.availability_zone) ==
          group.AvailabilityZones.end())
        group.AvailabilityZones.push_back(place.availability_zone);
  }
  if (*group.DesiredCapacity != before)
    record.cause = fmt::format(
        "At {} a user request update of AutoScalingGroup constraints to min: {}, max: {}, desired: {} "
        "changing "
        "the desired capacity from {} to {}.",
        cause_time(call.now), *group.MinSize, *group.MaxSize, *group.DesiredCapacity, before,
        *group.DesiredCapacity);
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
