// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachInstances.html
#include "autoscaling/operations.h"
#include "ec2/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DetachInstancesAnswer DetachInstances(Call& call, const DetachInstancesQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  DetachInstancesAnswer out;
  Call service = call.as_service("autoscaling.amazonaws.com");
  for (const std::string& id : in.InstanceIds) {
    leave_target_groups(call, record, find_member(record, id));
    if (*in.ShouldDecrementDesiredCapacity) decrement_capacity(record);
    std::erase_if(record.members, [&](const Member& member) { return member.shown.InstanceId == id; });
    ec2::Tag tag;
    tag.Key = "aws:autoscaling:groupName";
    ec2::DeleteTags(service, {.Resources = {id}, .Tags = {tag}});
    out.Activities.push_back(note_activity(
        call, record, "Detaching EC2 instance: " + id,
        "At " + cause_time(call.now) + " instance " + id + " was detached in response to a user request."));
  }
  put_group(call, record);
  return out;
}

}  // namespace landfall::autoscaling
