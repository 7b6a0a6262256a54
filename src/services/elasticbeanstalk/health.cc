#include "services/elasticbeanstalk/health.h"

#include <algorithm>

#include "autoscaling/operations.h"
#include "elbv2/operations.h"

namespace landfall::elasticbeanstalk {

int64_t Assessment::counted() const { return std::ranges::count_if(instances, &InstanceFacts::counts); }
int64_t Assessment::healthy() const { return std::ranges::count_if(instances, &InstanceFacts::healthy); }
int64_t Assessment::current_healthy() const {
  return std::ranges::count_if(instances,
                               [](const InstanceFacts& one) { return one.healthy() && one.current; });
}
bool Assessment::settled() const {
  return desired > 0 && current_healthy() >= desired && counted() == current_healthy();
}

Assessment assess(Call& call, const EnvironmentRecord& record) {
  Assessment out;
  Call service = call.as_service(kPrincipal);
  const auto groups = autoscaling::DescribeAutoScalingGroups(
                          service, {.AutoScalingGroupNames = {record.resources.group_name}})
                          .AutoScalingGroups;
  if (groups.empty()) return out;
  const autoscaling::AutoScalingGroup& group = groups.front();
  out.min_size = group.MinSize.value_or(0);
  out.desired = group.DesiredCapacity.value_or(0);
  std::map<std::string, elbv2::TargetHealth> targets;
  for (const auto& one :
       elbv2::DescribeTargetHealth(service, {.TargetGroupArn = record.resources.target_group_arn})
           .TargetHealthDescriptions)
    if (one.Target && one.TargetHealth) targets[one.Target->Id.value_or("")] = *one.TargetHealth;
  for (const autoscaling::Instance& instance : group.Instances) {
    InstanceFacts facts{.id = *instance.InstanceId,
                        .zone = instance.AvailabilityZone.value_or(""),
                        .type = instance.InstanceType.value_or(""),
                        .lifecycle = instance.LifecycleState.value_or("")};
    facts.current = instance.LaunchTemplate &&
                    instance.LaunchTemplate->Version == record.resources.launch_template_version;
    if (const auto found = targets.find(facts.id); found != targets.end()) {
      facts.target = found->second.State.value_or("");
      facts.reason = found->second.Description.value_or("");
    }
    out.instances.push_back(std::move(facts));
  }
  return out;
}

Verdict judge(const Assessment& assessment, Phase phase) {
  const int64_t counted = assessment.counted(), healthy = assessment.healthy(),
                stale = std::ranges::count_if(assessment.instances, [](const InstanceFacts& one) {
                  return one.counts() && !one.current;
                });
  if (healthy >= assessment.min_size && healthy > 0 && stale == 0) return {"Green", "Ok", {}};
  if (phase == Phase::launching)
    return {"Grey",
            "Pending",
            {counted == 0 ? "Initialization in progress. There are no instances."
                          : "Performing initialization on " + std::to_string(counted - healthy) + " out of " +
                                std::to_string(counted) + " instances."}};
  std::vector<std::string> causes;
  if (counted == 0) causes.emplace_back("There are no instances.");
  for (const InstanceFacts& one : assessment.instances)
    if (one.counts() && one.target == "unhealthy")
      causes.push_back("ELB health is failing for instance " + one.id +
                       (one.reason.empty() ? "." : ": " + one.reason + "."));
  if (healthy == 0) {
    if (causes.empty()) causes.emplace_back("None of the instances are sending data.");
    return {"Red", "Severe", causes};
  }
  if (stale > 0)
    causes.push_back("Incorrect application version found on " + std::to_string(stale) + " out of " +
                     std::to_string(counted) + " instances.");
  if (healthy < assessment.min_size)
    causes.push_back(std::to_string(healthy) + " out of " + std::to_string(assessment.min_size) +
                     " instances are healthy.");
  return {"Yellow", "Warning", causes};
}

std::string next_to_replace(const Assessment& assessment) {
  const InstanceFacts* next = nullptr;
  for (const InstanceFacts& one : assessment.instances) {
    if (!one.counts()) continue;
    if (one.current && !one.healthy()) return "";  // the last replacement comes up first
    if (!one.current && (next == nullptr || (next->healthy() && !one.healthy())))
      next = &one;  // broken ones first
  }
  if (next == nullptr || assessment.counted() < assessment.desired) return "";
  return next->id;
}

}  // namespace landfall::elasticbeanstalk
