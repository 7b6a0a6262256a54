// What Auto Scaling's API has and Landfall has not, by request: refused, never dropped.
#pragma once

#include "autoscaling/shapes.h"
#include "aws/protocol/refusals.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

// CreateAutoScalingGroup and UpdateAutoScalingGroup alike.
inline constexpr aws::Refusal kGroupRefusals[] = {
    {"PlacementGroup", "Landfall has no placement groups", ""},
    {"LaunchConfigurationName", "a group launches from a LaunchTemplate or a MixedInstancesPolicy", ""},
    {"CapacityReservationSpecification.CapacityReservationTarget", "Landfall has no Capacity Reservations",
     ""},
    {"DesiredCapacityType", "a group's capacity is counted in instances", "units"},
    {"InstanceLifecyclePolicy", "an instance whose hooks fail is terminated", ""},
    {"DeletionProtection", "a group can be deleted by whoever may", "none"}};
inline constexpr aws::Refusal kCreateGroupRefusals[] = {
    {"InstanceId", "a group launches from a LaunchTemplate or a MixedInstancesPolicy", ""},
    {"LoadBalancerNames", "Landfall has no Classic Load Balancers: give TargetGroupARNs", ""}};

template <class In>
void refuse(const In& in, std::span<const aws::Refusal> refusals) {
  if (const auto refused = aws::refused_in(in, refusals)) throw_validation(refused->message());
}

}  // namespace landfall::autoscaling
