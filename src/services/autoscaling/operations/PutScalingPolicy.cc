// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

PolicyARNType PutScalingPolicy(Call& call, const PutScalingPolicyType& in) {
  const GroupRecord group = find_group(call, *in.AutoScalingGroupName);
  const std::string key = *in.AutoScalingGroupName + "/" + *in.PolicyName;
  const auto existing = call.rows(kPolicies).get(key);
  PolicyRecord record = existing ? *existing : PolicyRecord{};
  ScalingPolicy& policy = record.shown;
  policy.AutoScalingGroupName = in.AutoScalingGroupName;
  policy.PolicyName = in.PolicyName;
  if (!existing)
    policy.PolicyARN =
        call.arn("autoscaling", "scalingPolicy:" + call.random().uuid() + ":autoScalingGroupName/" +
                                    *in.AutoScalingGroupName + ":policyName/" + *in.PolicyName);
  policy.PolicyType = in.PolicyType.value_or("SimpleScaling");
  if (*policy.PolicyType != "SimpleScaling" && *policy.PolicyType != "StepScaling")
    throw ServiceError("ValidationError", 400,
                       "Landfall has SimpleScaling and StepScaling policies; " + *policy.PolicyType +
                           " is not supported yet");
  if (!in.AdjustmentType)
    throw ServiceError("ValidationError", 400,
                       "You must specify an AdjustmentType for policy type: " + *policy.PolicyType);
  if (*policy.PolicyType == "SimpleScaling" && !in.ScalingAdjustment)
    throw ServiceError("ValidationError", 400,
                       "You must specify a ScalingAdjustment for policy type: SimpleScaling");
  if (*policy.PolicyType == "StepScaling" && in.StepAdjustments.empty())
    throw ServiceError("ValidationError", 400,
                       "You must specify StepAdjustments for policy type: StepScaling");
  policy.AdjustmentType = in.AdjustmentType;
  policy.ScalingAdjustment = in.ScalingAdjustment;
  policy.StepAdjustments = in.StepAdjustments;
  policy.Cooldown = in.Cooldown;
  policy.MinAdjustmentMagnitude = in.MinAdjustmentMagnitude;
  policy.MetricAggregationType = in.MetricAggregationType;
  policy.EstimatedInstanceWarmup = in.EstimatedInstanceWarmup;
  policy.Enabled = in.Enabled.value_or(true);
  call.rows(kPolicies).put(key, record);
  return {.PolicyARN = policy.PolicyARN};
}

}  // namespace landfall::autoscaling
