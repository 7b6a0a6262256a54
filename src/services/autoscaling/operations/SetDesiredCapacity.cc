// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html
#include "autoscaling/errors.h"
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty SetDesiredCapacity(Call& call, const SetDesiredCapacityType& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  const int64_t wanted = *in.DesiredCapacity;
  if (wanted < *record.shown.MinSize)
    throw ServiceError("ValidationError", 400,
                       "New SetDesiredCapacity value " + std::to_string(wanted) + " is below min value " +
                           std::to_string(*record.shown.MinSize) + " for the AutoScalingGroup.");
  if (wanted > *record.shown.MaxSize)
    throw ServiceError("ValidationError", 400,
                       "New SetDesiredCapacity value " + std::to_string(wanted) + " is above max value " +
                           std::to_string(*record.shown.MaxSize) + " for the AutoScalingGroup.");
  if (in.HonorCooldown.value_or(false) && record.last_scaling.unix_ms > 0 &&
      call.now < record.last_scaling.plus_seconds(record.shown.DefaultCooldown.value_or(300)))
    throw ScalingActivityInProgressFault("Scaling activity is in progress and the cooldown is not over.");
  if (wanted != *record.shown.DesiredCapacity)
    record.cause =
        "At " + cause_time(call.now) +
        " a user request explicitly set group desired capacity changing the desired capacity from " +
        std::to_string(*record.shown.DesiredCapacity) + " to " + std::to_string(wanted) + ".";
  record.shown.DesiredCapacity = wanted;
  record.last_scaling = call.now;
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
