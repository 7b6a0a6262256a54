// AWS::AutoScaling::*
#include <algorithm>
#include <boost/json.hpp>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

object group_input(const object& p) {
  object input =
      pick(p, {"MinSize", "MaxSize", "DesiredCapacity", "AvailabilityZones", "HealthCheckType",
               "HealthCheckGracePeriod", "LaunchConfigurationName", "TerminationPolicies", "LaunchTemplate",
               "MixedInstancesPolicy", "NewInstancesProtectedFromScaleIn", "CapacityRebalance",
               "DefaultInstanceWarmup", "MaxInstanceLifetime", "ServiceLinkedRoleARN", "PlacementGroup",
               "Context", "DesiredCapacityType", "InstanceMaintenancePolicy"});
  if (const auto* cooldown = p.if_contains("Cooldown")) input["DefaultCooldown"] = *cooldown;
  std::string joined;
  for (const auto& subnet : list_at(p, "VPCZoneIdentifier"))
    joined += (joined.empty() ? "" : ",") + std::string(subnet.as_string());
  if (!joined.empty()) input["VPCZoneIdentifier"] = joined;
  return input;
}

json::array group_tags(const Work& w, const object& p, const std::string& group) {
  json::array tags = w.tags(p);
  for (auto& entry : tags) {
    object& tag = entry.as_object();
    tag["PropagateAtLaunch"] = true;
    for (const auto& own : list_at(p, "Tags"))  // the property's tags say it themselves
      if (own.as_object().at("Key") == tag.at("Key"))
        tag["PropagateAtLaunch"] = truth_at(own.as_object(), "PropagateAtLaunch", false);
    if (!group.empty()) {
      tag["ResourceId"] = group;
      tag["ResourceType"] = "auto-scaling-group";
    }
  }
  return tags;
}

void retag_group(Work& w, const object& before, const object& p, const std::string& group) {
  if (!w.tags_differ(before, p)) return;
  json::array gone;
  for (const auto& key : w.tags_gone(before, p))
    gone.push_back(object{{"Key", key}, {"ResourceId", group}, {"ResourceType", "auto-scaling-group"}});
  if (!gone.empty()) w.invoke("autoscaling", "DeleteTags", {{"Tags", gone}});
  w.invoke("autoscaling", "CreateOrUpdateTags", {{"Tags", group_tags(w, p, group)}});
}

void change_targets(Work& w, const std::string& group, const json::array& before, const json::array& now) {
  if (const auto gone = missing_from(before, now); !gone.empty())
    w.invoke("autoscaling", "DetachLoadBalancerTargetGroups",
             {{"AutoScalingGroupName", group}, {"TargetGroupARNs", gone}});
  if (const auto added = missing_from(now, before); !added.empty())
    w.invoke("autoscaling", "AttachLoadBalancerTargetGroups",
             {{"AutoScalingGroupName", group}, {"TargetGroupARNs", added}});
}

void change_metrics(Work& w, const std::string& group, const json::array& before, const json::array& now) {
  if (before == now) return;
  if (!before.empty()) w.invoke("autoscaling", "DisableMetricsCollection", {{"AutoScalingGroupName", group}});
  for (const auto& collection : now) {
    object input = pick(collection.as_object(), {"Granularity", "Metrics"});
    input["AutoScalingGroupName"] = group;
    w.invoke("autoscaling", "EnableMetricsCollection", input);
  }
}

int64_t in_service(const object& group) {
  int64_t count = 0;
  for (const auto& instance : list_at(group, "Instances"))
    count += text_at(instance.as_object(), "LifecycleState") == "InService";
  return count;
}

// A rolling update's progress: {"old": [instance ids], "desired": what the group had, "surge": whether it has
// more now}.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
bool rolls(const Work& w, const object& before, const object& p) {
  if (!w.update_policy.contains("AutoScalingRollingUpdate")) return false;
  for (const char* name :
       {"LaunchTemplate", "LaunchConfigurationName", "MixedInstancesPolicy", "VPCZoneIdentifier"})
    if ((before.contains(name) ? before.at(name) : json::value()) !=
        (p.contains(name) ? p.at(name) : json::value()))
      return true;
  return false;
}

int64_t number_at(const object& of, std::string_view name, int64_t otherwise) {
  return of.contains(json::string_view(name.data(), name.size())) ? std::atoll(text_at(of, name).c_str())
                                                                  : otherwise;
}

object group_of(Work& w, const std::string& name) {
  const object found =
      w.invoke("autoscaling", "DescribeAutoScalingGroups", {{"AutoScalingGroupNames", {name}}});
  const auto* group = value_at(found, "AutoScalingGroups.0");
  if (group == nullptr) throw ServiceError("NotStabilized", 400, "Auto Scaling group " + name + " is gone");
  return group->as_object();
}

void change_processes(Work& w, const char* operation, const std::string& group) {
  const json::array processes =
      list_at(object_at(w.update_policy, "AutoScalingRollingUpdate"), "SuspendProcesses");
  if (!processes.empty())
    w.invoke("autoscaling", operation, {{"AutoScalingGroupName", group}, {"ScalingProcesses", processes}});
}

std::string begin_roll(Work& w, const std::string& name) {
  const object group = group_of(w, name);
  json::array old;
  for (const auto& instance : list_at(group, "Instances"))
    old.push_back(instance.as_object().at("InstanceId"));
  if (old.empty()) return "";
  change_processes(w, "SuspendProcesses", name);
  return json::serialize(
      object{{"old", old}, {"desired", number_at(group, "DesiredCapacity", 0)}, {"surge", false}});
}

void set_desired(Work& w, const std::string& group, int64_t desired) {
  w.invoke("autoscaling", "UpdateAutoScalingGroup",
           {{"AutoScalingGroupName", group}, {"DesiredCapacity", desired}});
}

// One look: true once no old instance is left. A batch goes when the one before it is replaced and in
// service.
bool roll(Work& w, const object& group, Model& m) {
  const object policy = object_at(w.update_policy, "AutoScalingRollingUpdate");
  const int64_t batch = std::max<int64_t>(1, number_at(policy, "MaxBatchSize", 1)),
                least = number_at(policy, "MinInstancesInService", 0);
  object state = json::parse(m.progress).as_object();
  json::array old;
  int64_t serving = 0, moving = 0;
  for (const auto& entry : list_at(group, "Instances")) {
    const object& instance = entry.as_object();
    const bool in = text_at(instance, "LifecycleState") == "InService";
    (in ? serving : moving) += 1;
    const json::array before = list_at(state, "old");
    if (in && std::find(before.begin(), before.end(), instance.at("InstanceId")) != before.end())
      old.push_back(instance.at("InstanceId"));
  }
  const int64_t desired = number_at(group, "DesiredCapacity", 0);
  if (moving > 0 || serving < desired) return false;
  if (old.empty()) {
    if (truth_at(state, "surge", false)) set_desired(w, m.physical_id, number_at(state, "desired", desired));
    change_processes(w, "ResumeProcesses", m.physical_id);
    m.progress.clear();
    return true;
  }
  const int64_t room = std::min({batch, serving - least, static_cast<int64_t>(old.size())});
  if (room <= 0) {  // none may go before another has come
    const int64_t more = std::min(desired + std::min(batch, static_cast<int64_t>(old.size())),
                                  number_at(group, "MaxSize", desired));
    if (more <= desired)
      throw ServiceError("ValidationError", 400,
                         "MinInstancesInService must be less than the autoscaling group's MaxSize");
    set_desired(w, m.physical_id, more);
    state["surge"] = true;
    m.progress = json::serialize(state);
    return false;
  }
  for (int64_t i = 0; i < room; ++i)
    w.invoke("autoscaling", "TerminateInstanceInAutoScalingGroup",
             {{"InstanceId", old[static_cast<size_t>(i)]}, {"ShouldDecrementDesiredCapacity", false}});
  return false;
}

bool settle_group(Work& w, const object& p, Model& m) {
  if (!m.progress.empty() && !roll(w, group_of(w, m.physical_id), m)) return false;
  const object found =
      w.invoke("autoscaling", "DescribeAutoScalingGroups", {{"AutoScalingGroupNames", {m.physical_id}}});
  const auto* group = value_at(found, "AutoScalingGroups.0");
  if (group == nullptr)
    throw ServiceError("NotStabilized", 400, "Auto Scaling group " + m.physical_id + " is gone");
  m.attributes = {{"AutoScalingGroupARN", text_at(group->as_object(), "AutoScalingGroupARN")}};
  return in_service(group->as_object()) >= std::atoll(text_at(p, "MinSize").c_str());
}

void add_scaling_group(Registry& registry) {
  registry["AWS::AutoScaling::AutoScalingGroup"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = group_input(p);
            const std::string name = p.contains("AutoScalingGroupName") ? text_at(p, "AutoScalingGroupName")
                                                                        : w.generated_name(255);
            input["AutoScalingGroupName"] = name;
            for (const char* given : {"TargetGroupARNs", "InstanceId", "LifecycleHookSpecificationList"})
              if (p.contains(given)) input[given] = p.at(given);
            input["Tags"] = group_tags(w, p, "");
            w.invoke("autoscaling", "CreateAutoScalingGroup", input);
            change_metrics(w, name, {}, list_at(p, "MetricsCollection"));
            return Model{.physical_id = name};
          },
      .settled = settle_group,
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
      .fixed = {"AutoScalingGroupName", "InstanceId"},
      .updatable = {"MinSize",
                    "MaxSize",
                    "DesiredCapacity",
                    "LaunchTemplate",
                    "LaunchConfigurationName",
                    "MixedInstancesPolicy",
                    "VPCZoneIdentifier",
                    "AvailabilityZones",
                    "HealthCheckType",
                    "HealthCheckGracePeriod",
                    "Cooldown",
                    "TerminationPolicies",
                    "TargetGroupARNs",
                    "NewInstancesProtectedFromScaleIn",
                    "MetricsCollection",
                    "Tags",
                    "CapacityRebalance",
                    "DefaultInstanceWarmup",
                    "MaxInstanceLifetime",
                    "ServiceLinkedRoleARN",
                    "PlacementGroup",
                    "Context",
                    "DesiredCapacityType",
                    "InstanceMaintenancePolicy",
                    "LifecycleHookSpecificationList"},
      .required = {"MinSize", "MaxSize"},
      .update =
          [](Work& w, const object& before, const object& p, Model& m) {
            object input = group_input(p);
            input["AutoScalingGroupName"] = m.physical_id;
            // What a schedule or a policy has made of the sizes since stays, if the template asks for that.
            if (truth_at(object_at(w.update_policy, "AutoScalingScheduledAction"),
                         "IgnoreUnmodifiedGroupSizeProperties", false))
              for (const char* size : {"MinSize", "MaxSize", "DesiredCapacity"})
                if (text_at(before, size) == text_at(p, size)) input.erase(size);
            w.invoke("autoscaling", "UpdateAutoScalingGroup", input);
            if (rolls(w, before, p)) m.progress = begin_roll(w, m.physical_id);
            change_targets(w, m.physical_id, list_at(before, "TargetGroupARNs"),
                           list_at(p, "TargetGroupARNs"));
            change_metrics(w, m.physical_id, list_at(before, "MetricsCollection"),
                           list_at(p, "MetricsCollection"));
            const json::array hooks = list_at(p, "LifecycleHookSpecificationList"),
                              hooks_before = list_at(before, "LifecycleHookSpecificationList");
            for (const auto& hook : missing_from(hooks_before, hooks))
              w.invoke("autoscaling", "DeleteLifecycleHook",
                       {{"AutoScalingGroupName", m.physical_id},
                        {"LifecycleHookName", text_at(hook.as_object(), "LifecycleHookName")}});
            for (const auto& hook : missing_from(hooks, hooks_before)) {
              object put = hook.as_object();
              put["AutoScalingGroupName"] = m.physical_id;
              w.invoke("autoscaling", "PutLifecycleHook", put);
            }
            retag_group(w, before, p, m.physical_id);
          },
  });
}

std::string put_scaling_policy(Work& w, const object& p, const std::string& name) {
  object input =
      pick(p, {"AutoScalingGroupName", "PolicyType", "AdjustmentType", "ScalingAdjustment", "Cooldown",
               "MinAdjustmentMagnitude", "MetricAggregationType", "StepAdjustments",
               "EstimatedInstanceWarmup", "TargetTrackingConfiguration", "PredictiveScalingConfiguration"});
  input["PolicyName"] = name;
  return text_at(w.invoke("autoscaling", "PutScalingPolicy", input), "PolicyARN");
}

void add_scaling_policy(Registry& registry) {
  registry["AWS::AutoScaling::ScalingPolicy"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name = w.generated_name(255), arn = put_scaling_policy(w, p, name);
            return Model{.physical_id = arn, .attributes = {{"Arn", arn}, {"PolicyName", name}}};
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
      .fixed = {"AutoScalingGroupName"},
      .updatable = {"PolicyType", "AdjustmentType", "ScalingAdjustment", "Cooldown", "MinAdjustmentMagnitude",
                    "MetricAggregationType", "StepAdjustments", "EstimatedInstanceWarmup",
                    "TargetTrackingConfiguration", "PredictiveScalingConfiguration"},
      .required = {"AutoScalingGroupName"},
      .update = [](Work& w, const object&, const object& p,
                   Model& m) { put_scaling_policy(w, p, text_at(m.attributes, "PolicyName")); },
  });
}

void put_schedule(Work& w, const object& p, const std::string& name) {
  object input = p;
  input["ScheduledActionName"] = name;
  w.invoke("autoscaling", "PutScheduledUpdateGroupAction", input);
}

void put_hook(Work& w, const object& p, const std::string& name) {
  object input = p;
  input["LifecycleHookName"] = name;
  w.invoke("autoscaling", "PutLifecycleHook", input);
}

// The group, and with it all that it had, may be gone already: AWS answers ValidationError for that.
bool gone_with_group(const std::function<void()>& deletion) {
  try {
    deletion();
  } catch (const ServiceError& error) {
    if (error.code() != "ValidationError" || error.message().find("not found") == std::string::npos) throw;
  }
  return true;
}

void add_schedules_and_hooks(Registry& registry) {
  registry["AWS::AutoScaling::ScheduledAction"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name = w.generated_name(255);
            put_schedule(w, p, name);
            return Model{.physical_id = name, .attributes = {{"ScheduledActionName", name}}};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_with_group([&] {
              w.invoke("autoscaling", "DeleteScheduledAction",
                       {{"AutoScalingGroupName", text_at(p, "AutoScalingGroupName")},
                        {"ScheduledActionName", m.physical_id}});
            });
          },
      .fixed = {"AutoScalingGroupName"},
      .updatable = {"DesiredCapacity", "EndTime", "MaxSize", "MinSize", "Recurrence", "StartTime",
                    "TimeZone"},
      .required = {"AutoScalingGroupName"},
      .update = [](Work& w, const object&, const object& p, Model& m) { put_schedule(w, p, m.physical_id); },
  });
  registry["AWS::AutoScaling::LifecycleHook"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const std::string name =
                p.contains("LifecycleHookName") ? text_at(p, "LifecycleHookName") : w.generated_name(255);
            put_hook(w, p, name);
            return Model{.physical_id = name};
          },
      .remove =
          [](Work& w, const object& p, const Model& m) {
            return gone_with_group([&] {
              w.invoke("autoscaling", "DeleteLifecycleHook",
                       {{"AutoScalingGroupName", text_at(p, "AutoScalingGroupName")},
                        {"LifecycleHookName", m.physical_id}});
            });
          },
      .fixed = {"AutoScalingGroupName", "LifecycleHookName"},
      .updatable = {"DefaultResult", "HeartbeatTimeout", "LifecycleTransition", "NotificationMetadata",
                    "NotificationTargetARN", "RoleARN"},
      .required = {"AutoScalingGroupName", "LifecycleTransition"},
      .update = [](Work& w, const object&, const object& p, Model& m) { put_hook(w, p, m.physical_id); },
  });
}

}  // namespace

void add_autoscaling_types(Registry& registry) {
  add_scaling_group(registry);
  add_scaling_policy(registry);
  add_schedules_and_hooks(registry);
}

}  // namespace landfall::cloudformation
