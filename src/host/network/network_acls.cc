#include "host/network/network_acls.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/network/ipv4.h"
#include "host/network/nft_match.h"
#include "host/network/security_groups.h"

namespace landfall::host {

// Before "filter", where the security groups are.
static constexpr char kBeforeGroups[] = "priority filter - 1; policy accept;";
static const std::string kOwnSource = "meta mark 0";
static const std::string kForeignSource = fmt::format("meta mark {}", kForeignSourceMark);

static std::string acl_in(const std::string& acl) { return identifier("in_", acl); }
static std::string acl_out(const std::string& acl) { return identifier("out_", acl); }
static std::string enter_chain(const Subnet& subnet) { return identifier("enter_", subnet.subnet_id); }
static std::string leave_chain(const Subnet& subnet) { return identifier("leave_", subnet.subnet_id); }

static Result<std::vector<std::string>> entry_rules(const std::vector<NetworkAclEntry>& entries,
                                                    const char* other_side) {
  std::vector<std::string> rules;
  for (const NetworkAclEntry& entry : entries) {
    if (entry.action != "allow" && entry.action != "deny") return fail("action '" + entry.action + "'");
    LF_TRY(const Cidr block, parse_cidr(entry.cidr));
    LF_TRY(const std::string protocol, protocol_match(entry.protocol, entry.from_port, entry.to_port));
    const std::string address = block.prefix == 0 ? "" : fmt::format("{} {}", other_side, block.to_string());
    rules.push_back(join(join(address, protocol), entry.action == "allow" ? "return" : "drop"));
  }
  rules.emplace_back("drop");
  return rules;
}

static Result<> add_acl(Ruleset& out, const NetworkAcl& acl) {
  LF_CHECK(check_id(acl.network_acl_id));
  auto ingress = entry_rules(acl.ingress, "ip saddr"), egress = entry_rules(acl.egress, "ip daddr");
  for (const auto& rules : {ingress, egress})
    if (!rules) return fail(acl.network_acl_id + ": " + rules.error().message);
  out.chains[acl_in(acl.network_acl_id)].rules = *std::move(ingress);
  out.chains[acl_out(acl.network_acl_id)].rules = *std::move(egress);
  return {};
}

static Result<> add_subnet(Ruleset& out, const Subnet& subnet) {
  LF_CHECK(check_id(subnet.subnet_id));
  LF_TRY(const Cidr block, parse_cidr(subnet.cidr));
  const std::string cidr = block.to_string();
  out.chains[leave_chain(subnet)].rules = {fmt::format("{} ip daddr {} return", kOwnSource, cidr),
                                           "goto " + acl_out(subnet.network_acl_id)};
  out.chains[enter_chain(subnet)].rules = {fmt::format("{} ip saddr {} return", kOwnSource, cidr),
                                           "goto " + acl_in(subnet.network_acl_id)};
  out.sets["acl_egress"].elements[cidr] = "jump " + leave_chain(subnet);
  out.sets["acl_ingress"].elements[cidr] = "jump " + enter_chain(subnet);
  return {};
}

static void add_foreign_sources(Ruleset& out, const VpcFirewall& firewall, const Subnet& subnet) {
  for (const Interface& interface : firewall.interfaces) {
    if (interface.subnet_id != subnet.subnet_id || interface.source_dest_check ||
        interface.attachment == "edge")
      continue;
    out.sets["acl_egress_of_device"].elements[quoted_device(interface.interface_id)] =
        "jump " + leave_chain(subnet);
  }
}

static void add_acl_frame(Ruleset& out) {
  for (const char* name : {"acl_egress", "acl_ingress"})
    out.sets[name] = {.declaration = "type ipv4_addr : verdict; flags interval;", .is_map = true};
  out.sets["acl_egress_of_device"] = {.declaration = "type ifname : verdict;", .is_map = true};
  const auto chain = [&](const char* hook, std::vector<std::string> exempt) {
    Ruleset::Chain& made = out.chains[std::string("acl_") + hook];
    made.hook = fmt::format("type filter hook {} {}", hook, kBeforeGroups);
    made.rules = std::move(exempt);
    made.rules.push_back(kOwnSource + " ip saddr vmap @acl_egress");
    made.rules.push_back(kForeignSource + " iifname vmap @acl_egress_of_device");
    made.rules.emplace_back("ip daddr vmap @acl_ingress");
  };
  chain("forward", {});
  chain("input", {"ip daddr @services accept"});
  chain("output", {"ip saddr @services accept"});
}

Result<> add_network_acls(Ruleset& out, const VpcFirewall& firewall) {
  if (std::ranges::all_of(firewall.subnets, [](const Subnet& s) { return s.network_acl_id.empty(); }))
    return {};
  add_acl_frame(out);
  for (const NetworkAcl& acl : firewall.acls) LF_CHECK(add_acl(out, acl));
  for (const Subnet& subnet : firewall.subnets) {
    if (subnet.network_acl_id.empty()) continue;
    if (std::ranges::find(firewall.acls, subnet.network_acl_id, &NetworkAcl::network_acl_id) ==
        firewall.acls.end())
      return fail(subnet.subnet_id + ": no network ACL '" + subnet.network_acl_id + "'");
    LF_CHECK(add_subnet(out, subnet));
    add_foreign_sources(out, firewall, subnet);
  }
  return {};
}

}  // namespace landfall::host
