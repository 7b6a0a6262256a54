// Security groups (and the anti-spoofing rule) of one VPC compiled to a Ruleset, with its network ACLs
// (network_acls.h), which judge before them, and its routes to AWS (endpoint_routes.h). Pure.
//
// The way of a packet:
//   raw       its (interface, source) must be one of @owned, or its interface one of @unchecked (source/dest
//   check off) forward, input, output
//             established and related pass; to or from a service address passes (AWS exempts DNS and the
//             metadata service from security groups); else
//   @egress   source address -> chain of its interface -> jump to each of its groups' egress chain; a rule
//   that matches goes to ingress   destination address -> chain of its interface -> each of its groups'
//   ingress chain; a rule that matches accepts
// and whatever falls out of that is dropped: a flow needs the source's egress and the destination's ingress.
// A load balancer's node is an interface like any other, whose packets meet input and output instead of
// forward.
//
// Changing a rule does not cut connections that it had let in, as on AWS, where tracked connections live on.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
#pragma once

#include <vector>

#include "base/result.h"
#include "host/network/ruleset.h"
#include "host/protocol.h"

namespace landfall::host {

struct VpcFirewall {
  std::vector<std::string> service_addresses;
  std::vector<Interface> interfaces;
  std::vector<SecurityGroup> groups;
  std::vector<Subnet> subnets;
  std::vector<NetworkAcl> acls;  // that the subnets name
};

// Error: names the group and the rule that cannot be read; nothing should be changed then.
Result<Ruleset> compile(const VpcFirewall& firewall);

}  // namespace landfall::host
