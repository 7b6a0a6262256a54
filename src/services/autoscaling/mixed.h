// Mixed instances policies, as far as they are about On-Demand Instances: a launch template and the instance
// type that comes first among its overrides.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/mixed-instances-groups-set-up-overview.html
#pragma once

#include <string>

#include "services/autoscaling/store.h"

namespace landfall::autoscaling {

// Throws ValidationError for what Landfall has not (Spot Instances, weights, templates of overrides), and for
// types and templates that are not; fills in the defaults.
MixedInstancesPolicy checked_policy(Call& call, const MixedInstancesPolicy& given);

// What a group launches, whichever way it says it.
const LaunchTemplateSpecification& template_of(const AutoScalingGroup& group);
std::string override_type_of(const AutoScalingGroup& group);  // empty: the template's own

}  // namespace landfall::autoscaling
