// AWS::AutoScaling::*
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

object group_input(const object& p) {
  object input = pick(p, {"MinSize", "MaxSize", "DesiredCapacity", "AvailabilityZones", "HealthCheckType",
                          "HealthCheckGracePeriod", "LaunchConfigurationName", "TerminationPolicies",
                          "NewInstancesProtectedFromScaleIn"});
  if (const auto* cooldown = p.if_contains("Cooldown")) input["DefaultCooldown"] = *cooldown;
  if (const auto* lt = p.if_contains("LaunchTemplate")) input["LaunchTemplate"] = *lt;
  if (const auto* subnets = p.if_contains("VPCZoneIdentifier"); subnets != nullptr && subnets->is_array()) {
    std::string joined;
    for (const auto& subnet : subnets->as_array())
      joined += (joined.empty() ? "" : ",") + std::string(subnet.as_string());
    input["VPCZoneIdentifier"] = joined;
  }
  return input;
}

}  // namespace

void add_autoscaling_types(Registry& registry) {
  registry["AWS::AutoScaling::AutoScalingGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = group_input(p);
            const std::string name = p.contains("AutoScalingGroupName") ? text_at(p, "AutoScalingGroupName")
                                                                        : w.generated_name(255);
            input["AutoScalingGroupName"] = name;
            if (const auto* arns = p.if_contains("TargetGroupARNs")) input["TargetGroupARNs"] = *arns;
            json::array tags = w.tags(p);
            for (auto& tag : tags) tag.as_object()["PropagateAtLaunch"] = true;
            input["Tags"] = std::move(tags);
            w.invoke("autoscaling", "CreateAutoScalingGroup", input);
            return Model{.physical_id = name};
          },
      .settled =
          [](Work& w, const object& p, Model& m) {
            const object found = w.invoke("autoscaling", "DescribeAutoScalingGroups",
                                          {{"AutoScalingGroupNames", {m.physical_id}}});
            m.attributes = {
                {"AutoScalingGroupARN", text_at_path(found, "AutoScalingGroups.0.AutoScalingGroupARN")}};
            const auto* instances = value_at(found, "AutoScalingGroups.0.Instances");
            int64_t in_service = 0;
            if (instances != nullptr && instances->is_array())
              for (const auto& instance : instances->as_array())
                in_service += text_at(instance.as_object(), "LifecycleState") == "InService";
            const std::string minimum = text_at(p, "MinSize");
            return in_service >= std::atoll(minimum.c_str());
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            const object found = w.invoke("autoscaling", "DescribeAutoScalingGroups",
                                          {{"AutoScalingGroupNames", {m.physical_id}}});
            if (value_at(found, "AutoScalingGroups.0") == nullptr) return true;
            if (text_at_path(found, "AutoScalingGroups.0.Status").empty())
              w.invoke("autoscaling", "DeleteAutoScalingGroup",
                       {{"AutoScalingGroupName", m.physical_id}, {"ForceDelete", true}});
            return false;
          },
      .updatable = {"MinSize", "MaxSize", "DesiredCapacity", "LaunchTemplate", "VPCZoneIdentifier",
                    "HealthCheckType", "HealthCheckGracePeriod", "Cooldown", "TerminationPolicies"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = group_input(p);
            input["AutoScalingGroupName"] = m.physical_id;
            w.invoke("autoscaling", "UpdateAutoScalingGroup", input);
          },
  });
  registry["AWS::AutoScaling::ScalingPolicy"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"AutoScalingGroupName", "PolicyType", "AdjustmentType",
                                    "ScalingAdjustment", "Cooldown", "MinAdjustmentMagnitude",
                                    "MetricAggregationType", "StepAdjustments", "EstimatedInstanceWarmup"});
            if (const auto* tracking = p.if_contains("TargetTrackingConfiguration"))
              input["TargetTrackingConfiguration"] = *tracking;
            input["PolicyName"] = p.contains("PolicyName") ? text_at(p, "PolicyName") : w.generated_name(255);
            const object made = w.invoke("autoscaling", "PutScalingPolicy", input);
            const std::string arn = text_at(made, "PolicyARN");
            return Model{.physical_id = arn,
                         .attributes = {{"Arn", arn}, {"PolicyName", text_at(input, "PolicyName")}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            try {
              w.invoke("autoscaling", "DeletePolicy",
                       {{"AutoScalingGroupName", text_at(p, "AutoScalingGroupName")},
                        {"PolicyName", m.physical_id}});
            } catch (const ServiceError& error) {
              if (error.message().find("not found") == std::string::npos)
                throw;  // AWS answers ValidationError here
            }
            return true;
          },
  });
}

}  // namespace landfall::cloudformation
