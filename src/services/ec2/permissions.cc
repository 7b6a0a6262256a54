#include "services/ec2/permissions.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "services/ec2/cidr.h"
#include "services/ec2/network.h"
#include "services/ec2/prefix_lists.h"
#include "services/ec2/render.h"

namespace landfall::ec2 {

inline constexpr size_t kMaxRulesPerDirection = 60;  // AWS's default quota

// --- reading

static std::string canonical_protocol(const std::string& given) {
  const std::string protocol = ascii_lower(given);
  if (protocol == "all" || protocol == "-1") return "-1";
  if (protocol == "6") return "tcp";
  if (protocol == "17") return "udp";
  if (protocol == "1") return "icmp";
  if (protocol == "58") return "icmpv6";
  if (protocol == "tcp" || protocol == "udp" || protocol == "icmp" || protocol == "icmpv6") return protocol;
  int number = -1;
  const auto [end, error] = std::from_chars(protocol.data(), protocol.data() + protocol.size(), number);
  if (error != std::errc{} || end != protocol.data() + protocol.size() || number < 0 || number > 255)
    throw_invalid(fmt::format("Invalid value '{}' for IP protocol. Unknown protocol.", given));
  return protocol;
}

void set_protocol_and_ports(RuleRecord& rule, const std::optional<std::string>& protocol,
                            std::optional<int64_t> from, std::optional<int64_t> to) {
  if (!protocol) throw_missing("ipProtocol");
  rule.protocol = canonical_protocol(*protocol);
  const bool ports = rule.protocol == "tcp" || rule.protocol == "udp";
  const bool icmp = rule.protocol == "icmp" || rule.protocol == "icmpv6";
  if (!ports && !icmp) return;  // -1 and numbered protocols: ports mean nothing
  if (ports && (!from || !to))
    throw_invalid(
        fmt::format("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."));
  rule.from_port = from.value_or(-1);
  rule.to_port = to.value_or(-1);
  const int64_t highest = ports ? 65535 : 255;
  const auto check = [&](int64_t port) {
    if (port < (ports ? 0 : -1) || port > highest)
      throw_invalid(
          fmt::format("Invalid value '{}' for {}. {}", port, ports ? "portRange" : "ICMP type or code",
                      ports ? "Ports must be between 0 and 65535." : "Must be between -1 and 255."));
  };
  // -1 with -1 is accepted for all ports of TCP and UDP.
  if (ports && rule.from_port == -1 && rule.to_port == -1) {
    rule.from_port = 0;
    rule.to_port = 65535;
  }
  check(rule.from_port);
  check(rule.to_port);
  if (ports && rule.from_port > rule.to_port)
    throw_invalid(
        fmt::format("Invalid value '{}-{}' for portRange. The from port may not be greater than the to port.",
                    rule.from_port, rule.to_port));
}

std::string canonical_cidr_ipv4(const std::string& text) {
  const auto cidr = Cidr::parse_any(text);
  if (!cidr) throw_invalid(fmt::format("CIDR block {} is malformed", text));
  return cidr->text();
}

std::string canonical_cidr_ipv6(const std::string& text) {
  const size_t slash = text.find('/');
  in6_addr address{};
  int prefix = -1;
  if (slash != std::string::npos) std::from_chars(text.data() + slash + 1, text.data() + text.size(), prefix);
  if (slash == std::string::npos || prefix < 0 || prefix > 128 ||
      inet_pton(AF_INET6, text.substr(0, slash).c_str(), &address) != 1)
    throw_invalid(fmt::format("CIDR block {} is malformed", text));
  char canonical[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, &address, canonical, sizeof canonical);
  return std::string(canonical) + "/" + std::to_string(prefix);
}

std::string checked_prefix_list(const Call& call, const std::string& id) {
  if (const auto list = find_prefix_list(call.region, call.plane.config.public_cidr, id);
      list && list->id == id)
    return id;
  throw_error("InvalidPrefixListID.NotFound", fmt::format("The prefix list ID '{}' does not exist", id));
}

void check_referenced_group(const Call& call, const SecurityGroupRecord& group,
                            const std::string& referenced_id) {
  const auto referenced = require(call, kSecurityGroups, referenced_id);
  if (referenced->vpc_id != group.vpc_id)
    throw_error("InvalidGroup.NotFound",
                fmt::format("You have specified two resources that belong to different networks: {} and {}",
                            group.group_id, referenced_id));
}

static void add_peers(const Call& call, const SecurityGroupRecord& group, const IpPermission& permission,
                      const RuleRecord& base, std::vector<RuleRecord>& out) {
  const size_t before = out.size();
  const auto add = [&](const std::optional<std::string>& description) -> RuleRecord& {
    RuleRecord& rule = out.emplace_back(base);
    rule.description = description.value_or("");
    return rule;
  };
  for (const IpRange& range : permission.IpRanges)
    add(range.Description).cidr_ipv4 = canonical_cidr_ipv4(range.CidrIp.value_or(""));
  for (const Ipv6Range& range : permission.Ipv6Ranges)
    add(range.Description).cidr_ipv6 = canonical_cidr_ipv6(range.CidrIpv6.value_or(""));
  for (const UserIdGroupPair& pair : permission.UserIdGroupPairs) {
    const auto referenced = require_group(call, pair.GroupId, pair.GroupName);
    check_referenced_group(call, group, referenced->group_id);
    add(pair.Description).referenced_group_id = referenced->group_id;
  }
  for (const PrefixListId& list : permission.PrefixListIds)
    add(list.Description).prefix_list_id = checked_prefix_list(call, list.PrefixListId_.value_or(""));
  if (out.size() == before) throw_missing("cidrIp, or a group");
}

std::vector<RuleRecord> rules_of(const Call& call, const SecurityGroupRecord& group, Direction direction,
                                 const std::vector<IpPermission>& permissions, const FlatPermission& flat) {
  std::vector<RuleRecord> out;
  for (const IpPermission& permission : permissions) {
    RuleRecord base{.direction = direction};
    set_protocol_and_ports(base, permission.IpProtocol, permission.FromPort, permission.ToPort);
    add_peers(call, group, permission, base, out);
  }
  if (flat.protocol || flat.cidr || flat.source_group_name) {
    IpPermission permission;
    if (flat.cidr) permission.IpRanges.emplace_back().CidrIp = flat.cidr;
    if (flat.source_group_name) permission.UserIdGroupPairs.emplace_back().GroupName = flat.source_group_name;
    RuleRecord base{.direction = direction};
    set_protocol_and_ports(base, flat.protocol ? flat.protocol : std::optional<std::string>("-1"),
                           flat.from_port, flat.to_port);
    add_peers(call, group, permission, base, out);
  }
  return out;
}

std::shared_ptr<const SecurityGroupRecord> require_group(const Call& call,
                                                         const std::optional<std::string>& id,
                                                         const std::optional<std::string>& name) {
  if (id) return require(call, kSecurityGroups, *id);
  if (!name) throw_missing("GroupName or GroupId");
  const auto vpc = default_vpc(call);
  for (const auto& [group_id, group] : rows(call, kSecurityGroups).all())
    if (vpc && group->vpc_id == vpc->vpc_id && group->name == *name) return group;
  throw_error("InvalidGroup.NotFound",
              fmt::format("The security group '{}' does not exist in default VPC '{}'", *name,
                          vpc ? vpc->vpc_id : "none"));
}

// --- showing

static bool same_ports(const IpPermission& permission, const RuleRecord& rule) {
  return permission.IpProtocol == rule.protocol && permission.FromPort.value_or(-1) == rule.from_port &&
         permission.ToPort.value_or(-1) == rule.to_port;
}

std::vector<IpPermission> permissions_of(const Call& call, const SecurityGroupRecord& group,
                                         Direction direction) {
  std::vector<IpPermission> out;
  for (const RuleRecord& rule : group.rules) {
    if (rule.direction != direction) continue;
    auto found = std::ranges::find_if(out, [&](const IpPermission& p) { return same_ports(p, rule); });
    if (found == out.end()) {
      IpPermission fresh;
      fresh.IpProtocol = rule.protocol;
      const bool has_ports =
          rule.protocol == "tcp" || rule.protocol == "udp" || rule.protocol.starts_with("icmp");
      if (has_ports) {
        fresh.FromPort = rule.from_port;
        fresh.ToPort = rule.to_port;
      }
      out.push_back(std::move(fresh));
      found = out.end() - 1;
    }
    const std::optional<std::string> description =
        rule.description.empty() ? std::nullopt : std::optional(rule.description);
    if (!rule.cidr_ipv4.empty())
      found->IpRanges.push_back({.Description = description, .CidrIp = rule.cidr_ipv4});
    if (!rule.cidr_ipv6.empty())
      found->Ipv6Ranges.push_back({.Description = description, .CidrIpv6 = rule.cidr_ipv6});
    if (!rule.prefix_list_id.empty())
      found->PrefixListIds.push_back({.Description = description, .PrefixListId_ = rule.prefix_list_id});
    if (!rule.referenced_group_id.empty()) {
      UserIdGroupPair& pair = found->UserIdGroupPairs.emplace_back();
      pair.Description = description;
      pair.UserId = call.account;
      pair.GroupId = rule.referenced_group_id;
    }
  }
  return out;
}

SecurityGroupRule render_rule(const Call& call, const SecurityGroupRecord& group, const RuleRecord& rule) {
  SecurityGroupRule out;
  out.SecurityGroupRuleId = rule.rule_id;
  out.SecurityGroupRuleArn = call.arn("ec2", "security-group-rule/" + rule.rule_id);
  out.GroupId = group.group_id;
  out.GroupOwnerId = call.account;
  out.IsEgress = rule.direction == Direction::egress;
  out.IpProtocol = rule.protocol;
  out.FromPort = rule.from_port;
  out.ToPort = rule.to_port;
  if (!rule.cidr_ipv4.empty()) out.CidrIpv4 = rule.cidr_ipv4;
  if (!rule.cidr_ipv6.empty()) out.CidrIpv6 = rule.cidr_ipv6;
  if (!rule.prefix_list_id.empty()) out.PrefixListId = rule.prefix_list_id;
  if (!rule.referenced_group_id.empty()) {
    ReferencedSecurityGroup& referenced = out.ReferencedGroupInfo.emplace();
    referenced.GroupId = rule.referenced_group_id;
    referenced.UserId = call.account;
  }
  if (!rule.description.empty()) out.Description = rule.description;
  out.Tags = rendered_tags(call, rule.rule_id);
  return out;
}

RevokedSecurityGroupRule render_revoked(const SecurityGroupRecord& group, const RuleRecord& rule) {
  RevokedSecurityGroupRule out;
  out.SecurityGroupRuleId = rule.rule_id;
  out.GroupId = group.group_id;
  out.IsEgress = rule.direction == Direction::egress;
  out.IpProtocol = rule.protocol;
  out.FromPort = rule.from_port;
  out.ToPort = rule.to_port;
  if (!rule.cidr_ipv4.empty()) out.CidrIpv4 = rule.cidr_ipv4;
  if (!rule.cidr_ipv6.empty()) out.CidrIpv6 = rule.cidr_ipv6;
  if (!rule.prefix_list_id.empty()) out.PrefixListId = rule.prefix_list_id;
  if (!rule.referenced_group_id.empty()) out.ReferencedGroupId = rule.referenced_group_id;
  if (!rule.description.empty()) out.Description = rule.description;
  return out;
}

SecurityGroup render(const Call& call, const SecurityGroupRecord& group) {
  SecurityGroup out;
  out.GroupId = group.group_id;
  out.IpPermissionsEgress = permissions_of(call, group, Direction::egress);
  out.Tags = rendered_tags(call, group.group_id);
  out.VpcId = group.vpc_id;
  out.SecurityGroupArn = call.arn("ec2", "security-group/" + group.group_id);
  out.OwnerId = call.account;
  out.GroupName = group.name;
  out.Description = group.description;
  out.IpPermissions = permissions_of(call, group, Direction::ingress);
  return out;
}

static void add_permission_fields(const Call& call, FilterFields<SecurityGroupRecord>& fields,
                                  std::string prefix, Direction direction) {
  const auto add = [&](const char* name, auto value) {
    fields[prefix + name] = [value, direction](const SecurityGroupRecord& g, Values& out) {
      for (const RuleRecord& rule : g.rules)
        if (rule.direction == direction) value(rule, out);
    };
  };
  const auto some = [](const std::string& value, Values& out) {
    if (!value.empty()) out.push_back(value);
  };
  add("cidr", [some](const RuleRecord& r, Values& out) { some(r.cidr_ipv4, out); });
  add("ipv6-cidr", [some](const RuleRecord& r, Values& out) { some(r.cidr_ipv6, out); });
  add("from-port", [](const RuleRecord& r, Values& out) { out.push_back(std::to_string(r.from_port)); });
  add("to-port", [](const RuleRecord& r, Values& out) { out.push_back(std::to_string(r.to_port)); });
  add("protocol", [](const RuleRecord& r, Values& out) { out.push_back(r.protocol); });
  add("group-id", [some](const RuleRecord& r, Values& out) { some(r.referenced_group_id, out); });
  add("group-name", [&call](const RuleRecord& r, Values& out) {
    for (const GroupIdentifier& g : render_groups(call, {r.referenced_group_id})) out.push_back(*g.GroupName);
  });
  add("user-id", [&call](const RuleRecord& r, Values& out) {
    if (!r.referenced_group_id.empty()) out.push_back(call.account);
  });
  add("prefix-list-id", [some](const RuleRecord& r, Values& out) { some(r.prefix_list_id, out); });
}

FilterFields<SecurityGroupRecord> security_group_fields(const Call& call) {
  FilterFields<SecurityGroupRecord> fields{
      {"description", [](const auto& g, Values& out) { out.push_back(g.description); }},
      {"group-id", [](const auto& g, Values& out) { out.push_back(g.group_id); }},
      {"group-name", [](const auto& g, Values& out) { out.push_back(g.name); }},
      {"owner-id", [&call](const auto&, Values& out) { out.push_back(call.account); }},
      {"vpc-id", [](const auto& g, Values& out) { out.push_back(g.vpc_id); }},
  };
  add_permission_fields(call, fields, "ip-permission.", Direction::ingress);
  add_permission_fields(call, fields, "egress.ip-permission.", Direction::egress);
  return fields;
}

// --- changing

static std::string describe_rule(const RuleRecord& rule) {
  const std::string peer = !rule.cidr_ipv4.empty()        ? rule.cidr_ipv4
                           : !rule.cidr_ipv6.empty()      ? rule.cidr_ipv6
                           : !rule.prefix_list_id.empty() ? rule.prefix_list_id
                                                          : rule.referenced_group_id;
  if (rule.protocol == "-1") return fmt::format("peer: {}, ALL, ALLOW", peer);
  std::string protocol = rule.protocol;
  std::ranges::transform(protocol, protocol.begin(), [](unsigned char c) { return std::toupper(c); });
  return fmt::format("peer: {}, {}, from port: {}, to port: {}, ALLOW", peer, protocol, rule.from_port,
                     rule.to_port);
}

std::vector<SecurityGroupRule> authorize_rules(Call& call, SecurityGroupRecord group,
                                               std::vector<RuleRecord> rules, const TagMap& tags) {
  if (rules.empty()) throw_missing("ipPermissions");
  std::vector<std::string> added;
  for (RuleRecord& rule : rules) {
    if (std::ranges::any_of(group.rules,
                            [&](const RuleRecord& other) { return other.same_permission(rule); }))
      throw_error("InvalidPermission.Duplicate",
                  fmt::format("the specified rule \"{}\" already exists", describe_rule(rule)));
    rule.rule_id = new_id(call, "sgr-");
    added.push_back(rule.rule_id);
    group.rules.push_back(rule);
  }
  const auto count = std::ranges::count(group.rules, rules.front().direction, &RuleRecord::direction);
  if (static_cast<size_t>(count) > kMaxRulesPerDirection)
    throw_error("RulesPerSecurityGroupLimitExceeded",
                "The maximum number of rules per security group has been reached.");
  put_group(call, group);
  std::vector<SecurityGroupRule> out;
  for (const RuleRecord& rule : rules) {
    put_tags(call, rule.rule_id, "security-group-rule", tags);
    out.push_back(render_rule(call, group, rule));
  }
  return out;
}

std::vector<RuleRecord> revoke_rules(Call& call, SecurityGroupRecord group, Direction direction,
                                     const std::vector<RuleRecord>& rules,
                                     const std::vector<std::string>& ids) {
  if (rules.empty() && ids.empty()) throw_missing("ipPermissions");
  std::vector<RuleRecord> removed;
  const auto remove = [&](auto matches) {
    const auto found = std::ranges::find_if(
        group.rules, [&](const RuleRecord& r) { return r.direction == direction && matches(r); });
    if (found == group.rules.end()) return false;
    forget_tags(call, found->rule_id);
    removed.push_back(*found);
    group.rules.erase(found);
    return true;
  };
  for (const std::string& id : ids) {
    if (!remove([&](const RuleRecord& r) { return r.rule_id == id; }))
      throw_error("InvalidSecurityGroupRuleId.NotFound",
                  fmt::format("The security group rule ID '{}' does not exist", id));
  }
  for (const RuleRecord& rule : rules) {
    if (!remove([&](const RuleRecord& r) { return r.same_permission(rule); }))
      throw_error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
  }
  put_group(call, std::move(group));
  return removed;
}

void update_descriptions(Call& call, SecurityGroupRecord group, Direction direction,
                         const std::vector<RuleRecord>& rules,
                         const std::vector<SecurityGroupRuleDescription>& by_id) {
  const auto update = [&](auto matches, const std::string& description) {
    const auto found = std::ranges::find_if(
        group.rules, [&](const RuleRecord& r) { return r.direction == direction && matches(r); });
    if (found == group.rules.end())
      throw_error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
    found->description = description;
  };
  for (const RuleRecord& rule : rules)
    update([&](const RuleRecord& r) { return r.same_permission(rule); }, rule.description);
  for (const SecurityGroupRuleDescription& change : by_id)
    update([&](const RuleRecord& r) { return r.rule_id == change.SecurityGroupRuleId.value_or(""); },
           change.Description.value_or(""));
  put_group(call, std::move(group));
}

}  // namespace landfall::ec2
