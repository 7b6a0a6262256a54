// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_BatchDeleteScheduledAction.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/schedules.h"

namespace landfall::autoscaling {

BatchDeleteScheduledActionAnswer BatchDeleteScheduledAction(Call& call,
                                                            const BatchDeleteScheduledActionType& in) {
  BatchDeleteScheduledActionAnswer out;
  find_group(call, *in.AutoScalingGroupName);
  for (const std::string& name : in.ScheduledActionNames) try {
      delete_schedule(call, *in.AutoScalingGroupName, name);
    } catch (const ServiceError& error) {
      out.FailedScheduledActions.push_back(
          {.ScheduledActionName = name, .ErrorCode = error.code(), .ErrorMessage = error.message()});
    }
  return out;
}

}  // namespace landfall::autoscaling
