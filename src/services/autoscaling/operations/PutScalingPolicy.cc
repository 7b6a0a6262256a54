// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/target_tracking.h"

namespace landfall::autoscaling {

namespace {

// A Cooldown or ScalingAdjustment of 0 says nothing: Terraform's provider sends it for what the policy type
// has not.
void check_policy(const PutScalingPolicyType& in, const std::string& type) {
  if (type == "TargetTrackingScaling") {
    if (!in.TargetTrackingConfiguration)
      throw_validation(
          "You must specify a TargetTrackingConfiguration for policy type: TargetTrackingScaling");
    if (in.AdjustmentType)
      throw_validation("AdjustmentType is not supported for policy type: TargetTrackingScaling");
    if (in.Cooldown.value_or(0) != 0)
      throw_validation("Cooldown is not supported for policy type: TargetTrackingScaling");
    return check_target_tracking(*in.TargetTrackingConfiguration);
  }
  if (type != "SimpleScaling" && type != "StepScaling")
    throw_validation("Landfall has SimpleScaling, StepScaling and TargetTrackingScaling policies; " + type +
                     " is not supported yet");
  if (!in.AdjustmentType) throw_validation("You must specify an AdjustmentType for policy type: " + type);
  if (*in.AdjustmentType != "ChangeInCapacity" && *in.AdjustmentType != "ExactCapacity" &&
      *in.AdjustmentType != "PercentChangeInCapacity")
    throw_validation("The AdjustmentType " + *in.AdjustmentType + " is not valid.");
  if (in.MinAdjustmentMagnitude && *in.AdjustmentType != "PercentChangeInCapacity")
    throw_validation(
        "MinAdjustmentMagnitude is only supported with the PercentChangeInCapacity adjustment type");
  if (type == "SimpleScaling" && !in.ScalingAdjustment)
    throw_validation("You must specify a ScalingAdjustment for policy type: SimpleScaling");
  if (type == "SimpleScaling" && !in.StepAdjustments.empty())
    throw_validation("StepAdjustments are not supported by policy type SimpleScaling");
  if (type == "StepScaling" && in.StepAdjustments.empty())
    throw_validation("You must specify StepAdjustments for policy type: StepScaling");
  if (type == "StepScaling" && in.Cooldown.value_or(0) != 0)
    throw_validation("Cooldown is not supported by policy type StepScaling");
  if (type == "StepScaling" && in.ScalingAdjustment.value_or(0) != 0)
    throw_validation("ScalingAdjustment is not supported by policy type StepScaling");
}

}  // namespace

PolicyARNType PutScalingPolicy(Call& call, const PutScalingPolicyType& in) {
  find_group(call, *in.AutoScalingGroupName);
  const std::string type = in.PolicyType.value_or("SimpleScaling");
  check_policy(in, type);
  const std::string key = *in.AutoScalingGroupName + "/" + *in.PolicyName;
  const auto existing = call.rows(kPolicies).get(key);
  PolicyRecord record;
  ScalingPolicy& policy = record.shown;
  policy.AutoScalingGroupName = in.AutoScalingGroupName;
  policy.PolicyName = in.PolicyName;
  policy.PolicyARN =
      existing ? *existing->shown.PolicyARN
               : call.arn("autoscaling", "scalingPolicy:" + call.random().uuid() + ":autoScalingGroupName/" +
                                             *in.AutoScalingGroupName + ":policyName/" + *in.PolicyName);
  policy.PolicyType = type;
  policy.AdjustmentType = in.AdjustmentType;
  policy.StepAdjustments = in.StepAdjustments;
  if (type == "SimpleScaling") {
    policy.ScalingAdjustment = in.ScalingAdjustment;
    policy.Cooldown = in.Cooldown;
  }
  policy.MinAdjustmentMagnitude = in.MinAdjustmentMagnitude;
  policy.MetricAggregationType = in.MetricAggregationType;
  if (type == "StepScaling" && !policy.MetricAggregationType) policy.MetricAggregationType = "Average";
  policy.EstimatedInstanceWarmup = in.EstimatedInstanceWarmup;
  policy.Enabled = in.Enabled.value_or(true);
  const bool tracked = existing && existing->shown.TargetTrackingConfiguration;
  if (tracked && type != "TargetTrackingScaling") delete_tracking_alarms(call, existing->shown);
  if (type == "TargetTrackingScaling") {
    policy.TargetTrackingConfiguration = in.TargetTrackingConfiguration;
    if (tracked) policy.Alarms = existing->shown.Alarms;
    put_tracking_alarms(call, policy);
  }
  call.rows(kPolicies).put(key, record);
  return {.PolicyARN = policy.PolicyARN, .Alarms = policy.Alarms};
}

}  // namespace landfall::autoscaling
