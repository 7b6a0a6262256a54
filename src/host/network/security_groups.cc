#include "host/network/security_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "host/network/ipv4.h"

namespace landfall::host {

namespace {

enum class Direction { ingress, egress };

// An nft identifier from an AWS id: "sg-0a1b" -> "sg_0a1b". Ids were checked to be [A-Za-z0-9-].
std::string identifier(const char* prefix, const std::string& id) {
  std::string out = prefix + id;
  std::ranges::replace(out, '-', '_');
  return out;
}

std::string members_set(const std::string& group) { return identifier("members_", group); }
std::string group_chain(Direction direction, const std::string& group) {
  return identifier(direction == Direction::ingress ? "in_" : "out_", group);
}
std::string interface_chain(Direction direction, const std::string& interface) {
  return identifier(direction == Direction::ingress ? "to_" : "from_", interface);
}

bool is_plain_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
}

Result<> check_id(const std::string& id) {
  if (!is_plain_id(id)) return fail("not an id: '" + id + "'");
  return {};
}

// A field of 16 bits or so, checked: what reaches the nft text is only ever a number of ours.
Result<> check_range(const char* what, int64_t value, int64_t limit) {
  if (value < -1 || value > limit) return fail(fmt::format("{} {} is not -1 to {}", what, value, limit));
  return {};
}

Result<std::string> port_match(const char* protocol, const SecurityGroupRule& rule) {
  LF_CHECK(check_range("from_port", rule.from_port, 65535));
  LF_CHECK(check_range("to_port", rule.to_port, 65535));
  if (rule.from_port <= 0 && (rule.to_port == -1 || rule.to_port == 65535))
    return fmt::format("meta l4proto {}", protocol);
  if (rule.to_port < rule.from_port) return fail(fmt::format("ports {}-{}", rule.from_port, rule.to_port));
  if (rule.from_port == rule.to_port) return fmt::format("{} dport {}", protocol, rule.from_port);
  return fmt::format("{} dport {}-{}", protocol, std::max<int64_t>(rule.from_port, 0), rule.to_port);
}

Result<std::string> icmp_match(const SecurityGroupRule& rule) {
  LF_CHECK(check_range("ICMP type", rule.from_port, 255));
  LF_CHECK(check_range("ICMP code", rule.to_port, 255));
  if (rule.from_port == -1) return "meta l4proto icmp";
  if (rule.to_port == -1) return fmt::format("icmp type {}", rule.from_port);
  return fmt::format("icmp type {} icmp code {}", rule.from_port, rule.to_port);
}

Result<std::string> protocol_match(const SecurityGroupRule& rule) {
  const std::string& protocol = rule.protocol;
  if (protocol == "-1") return std::string();
  if (protocol == "tcp" || protocol == "6") return port_match("tcp", rule);
  if (protocol == "udp" || protocol == "17") return port_match("udp", rule);
  if (protocol == "icmp" || protocol == "1") return icmp_match(rule);
  if (protocol == "icmpv6") return "meta l4proto 58";  // never on IPv4: the rule is there and matches nothing
  int64_t number = -1;
  const auto [end, error] = std::from_chars(protocol.data(), protocol.data() + protocol.size(), number);
  if (error != std::errc{} || end != protocol.data() + protocol.size() || number < 0 || number > 255)
    return fail("protocol '" + protocol + "'");
  return fmt::format("meta l4proto {}", number);
}

std::string join(const std::string& a, const std::string& b) {
  return a.empty() ? b : b.empty() ? a : a + " " + b;
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
  LF_TRY(const std::string protocol, protocol_match(rule));
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
    const std::string device = "\"" + router_device_name(interface.interface_id) + "\"";
    if (interface.source_dest_check)
      out.sets["owned"].elements[device + " . " + ip] = "";
    else
      out.sets["unchecked"].elements[device] = "";
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
      .rules = {"iifname . ip saddr @owned accept", "iifname lo accept", "iifname @unchecked accept"}};
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

std::string router_device_name(const std::string& interface_id) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (unsigned char c : interface_id) hash = (hash ^ c) * 1099511628211u;
  return fmt::format("e{:014x}", hash & 0xffffffffffffff);
}

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
  return out;
}

}  // namespace landfall::host
