// What the attributes of load balancers, target groups and listeners may be set to.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ListenerAttribute.html
#pragma once

#include <string_view>

#include "services/elbv2/store.h"

namespace landfall::elbv2 {

// Both throw InvalidConfigurationRequest. `what` begins the sentence: "Load balancer".
void check_attribute(std::string_view what, const Attributes& known, std::string_view key,
                     std::string_view value);
// What excludes each other among a target group's.
void check_target_group_attributes(const Attributes& set);

}  // namespace landfall::elbv2
