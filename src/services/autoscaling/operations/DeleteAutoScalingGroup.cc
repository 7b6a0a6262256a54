// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html
#include "autoscaling/errors.h"
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty DeleteAutoScalingGroup(Call& call, const DeleteAutoScalingGroupType& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  if (!record.members.empty() && !in.ForceDelete.value_or(false))
    throw ResourceInUseFault(
        "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
        "still in the group.");
  record.deleting = true;
  record.shown.MinSize = record.shown.DesiredCapacity = 0;
  for (Member& member : record.members)
    if (counts(member))
      begin_termination(call, record, member,
                        "At " + cause_time(call.now) + " a user request force deleted AutoScalingGroup.");
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
