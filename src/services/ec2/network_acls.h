// Network ACLs: their entries, and which subnet has which.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ec2/shapes.h"
#include "host/protocol.h"
#include "services/ec2/resources.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

inline constexpr int64_t kLastAclRule = 32767;  // the one that denies what no other took
inline constexpr size_t kMaxAclEntries = 40;    // of a direction: AWS allows 20, and 40 when asked

// What a VPC's default ACL begins with: all is allowed.
std::vector<AclEntryRecord> open_entries();

// An entry as CreateNetworkAclEntry and ReplaceNetworkAclEntry give it. Throws InvalidParameterValue,
// InvalidParameterCombination, MissingParameter.
template <class Request>
AclEntryRecord entry_of(const Request& in);
AclEntryRecord checked_entry(AclEntryRecord entry, const std::optional<std::string>& cidr_ipv4,
                             const std::optional<std::string>& cidr_ipv6,
                             const std::optional<PortRange>& ports, const std::optional<IcmpTypeCode>& icmp);
void sort_entries(NetworkAclRecord& acl);

std::string acl_of(const Call& call, const SubnetRecord& subnet);  // its own, or its VPC's default one
std::vector<SubnetRecord> subnets_with_acl(const Call& call, const NetworkAclRecord& acl);

// What host shall enforce of it (host/network/network_acls.h): nothing where it allows everything, which
// costs no packet anything.
std::optional<host::NetworkAcl> enforced_acl(const NetworkAclRecord& acl);

template <class Request>
AclEntryRecord entry_of(const Request& in) {
  AclEntryRecord entry;
  entry.direction = in.Egress.value_or(false) ? Direction::egress : Direction::ingress;
  entry.number = in.RuleNumber.value_or(0);
  entry.protocol = in.Protocol.value_or("-1");
  entry.action = in.RuleAction.value_or("");
  return checked_entry(std::move(entry), in.CidrBlock, in.Ipv6CidrBlock, in.PortRange, in.IcmpTypeCode);
}

}  // namespace landfall::ec2
