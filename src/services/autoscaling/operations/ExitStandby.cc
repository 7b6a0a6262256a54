// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

ExitStandbyAnswer ExitStandby(Call& call, const ExitStandbyQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  ExitStandbyAnswer out;
  for (const std::string& id : in.InstanceIds) {
    Member& member = find_member(record, id);
    if (member.shown.LifecycleState != "Standby")
      throw ServiceError("ValidationError", 400,
                         "The instance " + id + " is not in Standby lifecycle state.");
    member.shown.LifecycleState = "Pending";
    record.shown.DesiredCapacity = *record.shown.DesiredCapacity + 1;
    if (*record.shown.DesiredCapacity > *record.shown.MaxSize)
      throw ServiceError("ValidationError", 400,
                         "AutoScalingGroup " + *in.AutoScalingGroupName +
                             " has max-size=" + std::to_string(*record.shown.MaxSize) +
                             " and would be over it: the instance cannot leave Standby.");
    member.activity_id = begin_activity(call, record, "Moving EC2 instance out of Standby: " + id,
                                        "At " + cause_time(call.now) + " instance " + id +
                                            " was moved out of standby in response to a user request.");
    for (const Activity& one : activities_of(call, *in.AutoScalingGroupName))
      if (one.ActivityId == member.activity_id) out.Activities.push_back(one);
  }
  put_group(call, record);
  return out;
}

}  // namespace landfall::autoscaling
