#include "services/autoscaling/mixed.h"

#include "services/autoscaling/launch_templates.h"
#include "services/autoscaling/refused.h"
#include "services/ec2/ec2.h"

namespace landfall::autoscaling {
namespace {

constexpr char kNoSpot[] = "Landfall has no Spot Instances";
constexpr char kFirstType[] = "Landfall launches the first instance type of the overrides";
constexpr aws::Refusal kRefusals[] = {
    {"InstancesDistribution.OnDemandPercentageAboveBaseCapacity", kNoSpot, "100"},
    {"InstancesDistribution.SpotMaxPrice", kNoSpot, ""},
    {"LaunchTemplate.Overrides.WeightedCapacity", kFirstType, "1"},
    {"LaunchTemplate.Overrides.LaunchTemplateSpecification", kFirstType, ""},
    {"LaunchTemplate.Overrides.InstanceRequirements", kFirstType, ""},
    {"LaunchTemplate.Overrides.ImageId", kFirstType, ""}};

}  // namespace

MixedInstancesPolicy checked_policy(Call& call, const MixedInstancesPolicy& given) {
  refuse(given, kRefusals);
  if (!given.LaunchTemplate || !given.LaunchTemplate->LaunchTemplateSpecification)
    throw_validation("A MixedInstancesPolicy must have a LaunchTemplate with a LaunchTemplateSpecification.");
  MixedInstancesPolicy out = given;
  out.LaunchTemplate->LaunchTemplateSpecification =
      checked_launch_template(call, *given.LaunchTemplate->LaunchTemplateSpecification);
  for (const LaunchTemplateOverrides& one : out.LaunchTemplate->Overrides)
    if (!ec2::instance_type_exists(one.InstanceType.value_or("")))
      throw_validation("The instance type " + one.InstanceType.value_or("") +
                       " of the overrides is not valid.");
  InstancesDistribution distribution = given.InstancesDistribution.value_or(InstancesDistribution{});
  const std::string strategy = distribution.OnDemandAllocationStrategy.value_or("prioritized");
  if (strategy != "prioritized" && strategy != "lowest-price")
    throw_validation("The OnDemandAllocationStrategy " + strategy + " is not valid.");
  distribution.OnDemandAllocationStrategy = strategy;
  distribution.OnDemandBaseCapacity = distribution.OnDemandBaseCapacity.value_or(0);
  distribution.OnDemandPercentageAboveBaseCapacity =
      distribution.OnDemandPercentageAboveBaseCapacity.value_or(100);
  distribution.SpotAllocationStrategy = distribution.SpotAllocationStrategy.value_or("lowest-price");
  if (distribution.SpotAllocationStrategy == "lowest-price" && !distribution.SpotInstancePools)
    distribution.SpotInstancePools = 2;
  out.InstancesDistribution = std::move(distribution);
  return out;
}

const LaunchTemplateSpecification& template_of(const AutoScalingGroup& group) {
  return group.MixedInstancesPolicy ? *group.MixedInstancesPolicy->LaunchTemplate->LaunchTemplateSpecification
                                    : *group.LaunchTemplate;
}

std::string override_type_of(const AutoScalingGroup& group) {
  if (!group.MixedInstancesPolicy || group.MixedInstancesPolicy->LaunchTemplate->Overrides.empty()) return "";
  return group.MixedInstancesPolicy->LaunchTemplate->Overrides.front().InstanceType.value_or("");
}

}  // namespace landfall::autoscaling
