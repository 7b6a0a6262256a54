// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExecutePolicy.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/scaling.h"

namespace landfall::autoscaling {

aws::Empty ExecutePolicy(Call& call, const ExecutePolicyType& in) {
  const FoundPolicy policy = find_policy(call, *in.PolicyName, in.AutoScalingGroupName);
  const ScalingPolicy& shown = policy.record.shown;
  if (shown.PolicyType == "TargetTrackingScaling")
    throw ServiceError("ValidationError", 400, "Cannot execute a TargetTrackingScaling policy");
  if (shown.PolicyType == "StepScaling" && (!in.MetricValue || !in.BreachThreshold))
    throw ServiceError("ValidationError", 400,
                       "MetricValue and BreachThreshold must be specified to execute a StepScaling policy");
  run_policy(call, policy.record,
             {.cause = "a user request executed policy " + *shown.PolicyName,
              .breach = in.MetricValue.value_or(0) - in.BreachThreshold.value_or(0),
              .honor_cooldown = in.HonorCooldown.value_or(false)});
  return {};
}

}  // namespace landfall::autoscaling
