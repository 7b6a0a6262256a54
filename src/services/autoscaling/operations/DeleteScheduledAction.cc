// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteScheduledAction.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/schedules.h"

namespace landfall::autoscaling {

aws::Empty DeleteScheduledAction(Call& call, const DeleteScheduledActionType& in) {
  delete_schedule(call, *in.AutoScalingGroupName, *in.ScheduledActionName);
  return {};
}

}  // namespace landfall::autoscaling
