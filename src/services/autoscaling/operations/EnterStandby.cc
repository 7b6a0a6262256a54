// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

EnterStandbyAnswer EnterStandby(Call& call, const EnterStandbyQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  EnterStandbyAnswer out;
  for (const std::string& id : in.InstanceIds) {
    Member& member = find_member(record, id);
    if (member.shown.LifecycleState != "InService")
      throw ServiceError("ValidationError", 400,
                         "The instance " + id + " is not in InService or EnteringStandby lifecycle state.");
    leave_target_groups(call, record, member);
    member.shown.LifecycleState = "Standby";
    if (*in.ShouldDecrementDesiredCapacity) decrement_capacity(record);
    out.Activities.push_back(note_activity(call, record, "Moving EC2 instance to Standby: " + id,
                                           "At " + cause_time(call.now) + " instance " + id +
                                               " was moved to standby in response to a user request."));
  }
  put_group(call, record);
  return out;
}

}  // namespace landfall::autoscaling
