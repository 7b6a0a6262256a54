#include "services/ec2/network_acls.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "services/ec2/cidr.h"
#include "services/ec2/network.h"
#include "services/ec2/permissions.h"

namespace landfall::ec2 {

std::vector<AclEntryRecord> open_entries() {
  std::vector<AclEntryRecord> out;
  for (const Direction direction : {Direction::ingress, Direction::egress}) {
    AclEntryRecord& entry = out.emplace_back();
    entry.direction = direction;
    entry.number = 100;
    entry.cidr_ipv4 = "0.0.0.0/0";
  }
  return out;
}

// EC2 shows numbers, whatever was given.
static std::string protocol_number(const std::string& given) {
  if (given == "tcp") return "6";
  if (given == "udp") return "17";
  if (given == "icmp") return "1";
  if (given == "icmpv6") return "58";
  if (given == "all" || given == "-1") return "-1";
  int number = -1;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  if (error != std::errc{} || end != given.data() + given.size() || number < 0 || number > 255)
    throw_invalid(fmt::format("Invalid value '{}' for IP protocol. Unknown protocol.", given));
  return given;
}

static void set_ports(AclEntryRecord& entry, const std::optional<PortRange>& ports) {
  if (!ports) throw_missing("portRange");
  entry.from_port = ports->From.value_or(-1);
  entry.to_port = ports->To.value_or(-1);
  if (entry.from_port < 0 || entry.to_port > 65535 || entry.from_port > entry.to_port)
    throw_invalid(
        fmt::format("Value ({}-{}) for parameter portRange is invalid.", entry.from_port, entry.to_port));
}

AclEntryRecord checked_entry(AclEntryRecord entry, const std::optional<std::string>& cidr_ipv4,
                             const std::optional<std::string>& cidr_ipv6,
                             const std::optional<PortRange>& ports, const std::optional<IcmpTypeCode>& icmp) {
  if (entry.number < 1 || entry.number >= kLastAclRule)
    throw_invalid(fmt::format(
        "Value ({}) for parameter ruleNumber is invalid. It must be between 1 and 32766.", entry.number));
  if (entry.action != "allow" && entry.action != "deny")
    throw_invalid(fmt::format("Value ({}) for parameter ruleAction is invalid.", entry.action));
  if (cidr_ipv4.has_value() == cidr_ipv6.has_value())
    throw_error("InvalidParameterCombination", "Specify either cidrBlock or ipv6CidrBlock");
  if (cidr_ipv4) entry.cidr_ipv4 = canonical_cidr_ipv4(*cidr_ipv4);
  if (cidr_ipv6) entry.cidr_ipv6 = canonical_cidr_ipv6(*cidr_ipv6);
  entry.protocol = protocol_number(entry.protocol);
  if (entry.protocol == "6" || entry.protocol == "17") set_ports(entry, ports);
  if (entry.protocol == "1" || entry.protocol == "58") {
    if (!icmp) throw_missing("icmpTypeCode");
    entry.icmp_type = icmp->Type.value_or(-1);
    entry.icmp_code = icmp->Code.value_or(-1);
  }
  return entry;
}

void sort_entries(NetworkAclRecord& acl) {
  std::ranges::sort(acl.entries, {},
                    [](const AclEntryRecord& e) { return std::tuple(e.direction, e.number); });
}

std::string acl_of(const Call& call, const SubnetRecord& subnet) {
  if (!subnet.network_acl_id.empty()) return subnet.network_acl_id;
  return require(call, kVpcs, subnet.vpc_id)->default_network_acl_id;
}

std::vector<SubnetRecord> subnets_with_acl(const Call& call, const NetworkAclRecord& acl) {
  std::vector<SubnetRecord> out = subnets_of(call, acl.vpc_id);
  std::erase_if(out, [&](const SubnetRecord& subnet) {
    return subnet.network_acl_id.empty() ? !acl.is_default : subnet.network_acl_id != acl.network_acl_id;
  });
  return out;
}

// --- what is enforced

static host::NetworkAclEntry desired_entry(const AclEntryRecord& entry) {
  const bool icmp = entry.protocol == "1";
  return {.action = entry.action,
          .protocol = entry.protocol,
          .from_port = icmp ? entry.icmp_type : entry.from_port,
          .to_port = icmp ? entry.icmp_code : entry.to_port,
          .cidr = entry.cidr_ipv4};
}

static bool allows_everything(const std::vector<host::NetworkAclEntry>& entries) {
  return !entries.empty() && entries.front().action == "allow" && entries.front().protocol == "-1" &&
         entries.front().cidr == "0.0.0.0/0";
}

std::optional<host::NetworkAcl> enforced_acl(const NetworkAclRecord& acl) {
  host::NetworkAcl out{.network_acl_id = acl.network_acl_id, .ingress = {}, .egress = {}};
  for (const AclEntryRecord& entry : acl.entries) {
    if (entry.cidr_ipv4.empty()) continue;  // VPCs have no IPv6 in this version: it can match nothing
    (entry.direction == Direction::ingress ? out.ingress : out.egress).push_back(desired_entry(entry));
  }
  if (allows_everything(out.ingress) && allows_everything(out.egress)) return std::nullopt;
  return out;
}

}  // namespace landfall::ec2
