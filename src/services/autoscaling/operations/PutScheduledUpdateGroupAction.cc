// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/schedules.h"

namespace landfall::autoscaling {

aws::Empty PutScheduledUpdateGroupAction(Call& call, const PutScheduledUpdateGroupActionType& in) {
  put_schedule(call, *in.AutoScalingGroupName,
               {.name = *in.ScheduledActionName,
                .start = in.StartTime ? in.StartTime : in.Time,
                .end = in.EndTime,
                .recurrence = in.Recurrence,
                .time_zone = in.TimeZone,
                .min_size = in.MinSize,
                .max_size = in.MaxSize,
                .desired = in.DesiredCapacity});
  return {};
}

}  // namespace landfall::autoscaling
