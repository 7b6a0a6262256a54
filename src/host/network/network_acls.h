// Network ACLs of one VPC, added to its Ruleset. Pure.
//
// They judge each packet that crosses the border of a subnet, in base chains of their own before those of the
// security groups, which know connections and would let replies pass:
//   acl_forward, acl_input, acl_output
//             to or from a service address passes (AWS filters neither DNS nor the metadata service); else
//   @acl_egress   source address -> the subnet's "leave" chain: to the same subnet returns, else on to its
//                 ACL's chain
//   @acl_ingress  destination address -> the subnet's "enter" chain, likewise
// In an ACL's chain an entry that allows returns, one that denies drops, and so does the end. A packet whose
// source is not its interface's own (kForeignSourceMark) leaves the subnet of the interface, whatever address
// it claims, and is a neighbour of nobody.
//
// A subnet whose ACL allows everything has no entry anywhere, and a VPC of such subnets none of these chains.
// https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
#pragma once

#include "base/result.h"
#include "host/network/ruleset.h"

namespace landfall::host {

struct VpcFirewall;

// Error: names the ACL or the subnet that cannot be read.
Result<> add_network_acls(Ruleset& out, const VpcFirewall& firewall);

}  // namespace landfall::host
