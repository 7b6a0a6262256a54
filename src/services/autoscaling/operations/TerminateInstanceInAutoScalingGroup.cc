// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

ActivityType TerminateInstanceInAutoScalingGroup(Call& call,
                                                 const TerminateInstanceInAutoScalingGroupType& in) {
  std::string group_name;
  call.rows(kGroups).each([&](std::string_view name, const GroupRecord& record) {
    for (const Member& member : record.members)
      if (member.shown.InstanceId == *in.InstanceId) group_name = name;
  });
  if (group_name.empty())
    throw ServiceError(
        "ValidationError", 400,
        "Instance Id not found - No managed instance found for instance ID: " + *in.InstanceId);
  GroupRecord record = find_group(call, group_name);
  Member& member = *std::ranges::find_if(
      record.members, [&](const Member& one) { return one.shown.InstanceId == *in.InstanceId; });
  if (counts(member))
    begin_termination(call, record, member,
                      "At " + cause_time(call.now) + " instance " + *in.InstanceId +
                          " was taken out of service in response to a user request.");
  const std::string activity = member.activity_id;
  if (*in.ShouldDecrementDesiredCapacity) {
    if (*record.shown.DesiredCapacity <= *record.shown.MinSize)
      throw ServiceError("ValidationError", 400,
                         "Currently, desiredSize equals minSize. Terminating instance without replacement "
                         "will violate group's min size constraint. Either set "
                         "shouldDecrementDesiredCapacity flag to false or lower group's min size.");
    --*record.shown.DesiredCapacity;
  }
  put_group(call, record);
  for (const Activity& one : activities_of(call, group_name))
    if (one.ActivityId == activity) return {.Activity = one};
  return {};
}

}  // namespace landfall::autoscaling
