// Where a node's access log and its connection log go, by its load balancer's attributes.
#pragma once

#include <optional>

#include "delivery/destination.h"
#include "services/elbv2/dataplane/config.h"

namespace landfall::elbv2::dataplane {

// nullopt: access logs are off. The lines are each node's own, as the files' names say its address.
std::optional<delivery::Destination> access_log_destination(const LoadBalancerConfig& config,
                                                            const NodeSnapshot& node);

std::optional<delivery::Destination> connection_log_destination(const LoadBalancerConfig& config,
                                                                const NodeSnapshot& node);

}  // namespace landfall::elbv2::dataplane
