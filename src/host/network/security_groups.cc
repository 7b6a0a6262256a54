#include "host/network/security_groups.h"

#include <fmt/format.h>

#include "host/network/endpoint_routes.h"
#include "host/network/ipv4.h"
#include "host/network/network_acls.h"
#include "host/network/nft_match.h"

namespace landfall::host {

namespace {

enum class Direction { ingress, egress };

std::string members_set(const std::string& group) { return identifier("members_", group); }
std::string group_chain(Direction direction, const std::string& group) {
  return identifier(direction == Direction::ingress ? "in_" : "out_", group);
}
std::string interface_chain(Direction direction, const std::string& interface) {
  return identifier(direction == Direction::ingress ? "to_" : "from_", interface);
}

// What follows "ip saddr": nothing for everywhere.
Result<std::string> cidr_match(const char* field, const std::vector<std::string>& texts) {
  std::vector<Cidr> blocks;
  for (const std::string& text : texts) {
    LF_TRY(const Cidr block, parse_cidr(text));
    blocks.push_back(block);
  }
  blocks = without_overlaps(std::move(blocks));
  if (blocks.front().prefix == 0) return std::string();
  if (blocks.size() == 1) return fmt::format("{} {}", field, blocks.front().to_string());
  std::string list;
  for (const Cidr& block : blocks) list += (list.empty() ? "" : ", ") + block.to_string();
  return fmt::format("{} {{ {} }}", field, list);
}

Result<> add_permission(const SecurityGroupRule& rule, Direction direction, std::vector<std::string>& rules) {
  const char* peer = direction == Direction::ingress ? "ip saddr" : "ip daddr";
  const std::string verdict = direction == Direction::ingress ? "accept" : "goto ingress";
  LF_TRY(const std::string protocol, protocol_match(rule.protocol, rule.from_port, rule.to_port));
  if (!rule.cidrs.empty()) {
    LF_TRY(const std::string addresses, cidr_match(peer, rule.cidrs));
    rules.push_back(join(join(addresses, protocol), verdict));
  }
  for (const std::string& group : rule.group_ids) {
    LF_CHECK(check_id(group));
    rules.push_back(join(fmt::format("{} @{}", peer, members_set(group)), join(protocol, verdict)));
  }
  return {};
}

void declare_group(Ruleset& out, const std::string& group) {
  out.sets[members_set(group)].declaration = "type ipv4_addr;";
  out.chains[group_chain(Direction::ingress, group)];
  out.chains[group_chain(Direction::egress, group)];
}

Result<> add_rules(Ruleset& out, const SecurityGroup& group, Direction direction) {
  auto& rules = out.chains[group_chain(direction, group.group_id)].rules;
  const auto& permissions = direction == Direction::ingress ? group.ingress : group.egress;
  for (const SecurityGroupRule& permission : permissions) {
    if (Result<> added = add_permission(permission, direction, rules); !added)
      return fail(group.group_id + ": " + added.error().message);
    // A group that is referred to may be unknown (yet): it has no members.
    for (const std::string& other : permission.group_ids) declare_group(out, other);
  }
  return {};
}

Result<> add_interface(Ruleset& out, const Interface& interface) {
  LF_CHECK(check_id(interface.interface_id));
  LF_TRY(const Ipv4 address, parse_ipv4(interface.private_ip));
  const std::string ip = address.to_string();
  if (interface.attachment != "edge") {
    const std::string device = quoted_device(interface.interface_id);
    out.sets["owned"].elements[device + " . " + ip] = "";
    if (!interface.source_dest_check) out.sets["unchecked"].elements[device] = "";
  }
  for (Direction direction : {Direction::ingress, Direction::egress}) {
    const std::string chain = interface_chain(direction, interface.interface_id);
    auto& rules = out.chains[chain].rules;
    for (const std::string& group : interface.security_group_ids) {
      LF_CHECK(check_id(group));
      declare_group(out, group);
      rules.push_back("jump " + group_chain(direction, group));
    }
    out.sets[direction == Direction::ingress ? "ingress_of" : "egress_of"].elements[ip] = "jump " + chain;
  }
  for (const std::string& group : interface.security_group_ids)
    out.sets[members_set(group)].elements[ip] = "";
  return {};
}

void add_frame(Ruleset& out, const VpcFirewall& firewall) {
  out.sets["owned"] = {.declaration = "type ifname . ipv4_addr;"};
  out.sets["unchecked"] = {.declaration = "type ifname;"};
  out.sets["services"] = {.declaration = "type ipv4_addr;"};
  out.sets["egress_of"] = {.declaration = "type ipv4_addr : verdict;", .is_map = true};
  out.sets["ingress_of"] = {.declaration = "type ipv4_addr : verdict;", .is_map = true};
  for (const std::string& address : firewall.service_addresses) out.sets["services"].elements[address] = "";

  out.chains["raw"] = {
      .hook = "type filter hook prerouting priority raw; policy drop;",
      .rules = {"iifname . ip saddr @owned accept", "iifname lo accept",
                fmt::format("iifname @unchecked meta mark set {} accept", kForeignSourceMark)}};
  const std::string established = "ct state established,related accept";
  const std::string check = "ip saddr vmap @egress_of";
  out.chains["forward"] = {.hook = "type filter hook forward priority filter; policy drop;",
                           .rules = {established, check}};
  out.chains["input"] = {.hook = "type filter hook input priority filter; policy drop;",
                         .rules = {established, "ip daddr @services accept", check}};
  out.chains["output"] = {.hook = "type filter hook output priority filter; policy drop;",
                          .rules = {established, "ip saddr @services accept", check}};
  // Reached with "goto": what it does not accept is dropped, whatever other egress rules would say.
  out.chains["ingress"] = {.rules = {"ip daddr vmap @ingress_of", "drop"}};
}

}  // namespace

Result<Ruleset> compile(const VpcFirewall& firewall) {
  Ruleset out;
  add_frame(out, firewall);
  for (const SecurityGroup& group : firewall.groups) {
    LF_CHECK(check_id(group.group_id));
    declare_group(out, group.group_id);
  }
  for (const SecurityGroup& group : firewall.groups)
    for (Direction direction : {Direction::ingress, Direction::egress})
      LF_CHECK(add_rules(out, group, direction));
  for (const Interface& interface : firewall.interfaces) LF_CHECK(add_interface(out, interface));
  add_endpoint_routes(out, firewall);
  LF_CHECK(add_network_acls(out, firewall));
  return out;
}

}  // namespace landfall::host
