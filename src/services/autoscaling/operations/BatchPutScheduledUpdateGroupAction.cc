// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_BatchPutScheduledUpdateGroupAction.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/schedules.h"

namespace landfall::autoscaling {

BatchPutScheduledUpdateGroupActionAnswer BatchPutScheduledUpdateGroupAction(
    Call& call, const BatchPutScheduledUpdateGroupActionType& in) {
  BatchPutScheduledUpdateGroupActionAnswer out;
  find_group(call, *in.AutoScalingGroupName);
  for (const ScheduledUpdateGroupActionRequest& one : in.ScheduledUpdateGroupActions) try {
      put_schedule(call, *in.AutoScalingGroupName,
                   {.name = *one.ScheduledActionName,
                    .start = one.StartTime,
                    .end = one.EndTime,
                    .recurrence = one.Recurrence,
                    .time_zone = one.TimeZone,
                    .min_size = one.MinSize,
                    .max_size = one.MaxSize,
                    .desired = one.DesiredCapacity});
    } catch (const ServiceError& error) {
      out.FailedScheduledUpdateGroupActions.push_back({.ScheduledActionName = one.ScheduledActionName,
                                                       .ErrorCode = error.code(),
                                                       .ErrorMessage = error.message()});
    }
  return out;
}

}  // namespace landfall::autoscaling
