// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExecutePolicy.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty ExecutePolicy(Call& call, const ExecutePolicyType& in) {
  std::string key;
  PolicyRecord record;
  call.rows(kPolicies).each([&](std::string_view id, const PolicyRecord& one) {
    if (one.shown.PolicyARN != in.PolicyName &&
        (one.shown.PolicyName != in.PolicyName || one.shown.AutoScalingGroupName != in.AutoScalingGroupName))
      return;
    key = id;
    record = one;
  });
  if (key.empty())
    throw ServiceError("ValidationError", 400,
                       "PolicyName not found - Policy '" + *in.PolicyName + "' not found");
  if (record.shown.PolicyType == "StepScaling" && (!in.MetricValue || !in.BreachThreshold))
    throw ServiceError("ValidationError", 400,
                       "MetricValue and BreachThreshold must be specified to execute a StepScaling policy");
  run_policy(call, record, in.MetricValue.value_or(0) - in.BreachThreshold.value_or(0),
             in.HonorCooldown.value_or(false));
  return {};
}

}  // namespace landfall::autoscaling
