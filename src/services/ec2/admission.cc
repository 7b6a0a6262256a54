// What an interface takes from outside its VPC, for edge, which carries the public addresses.
#include "net/admission.h"

#include "services/ec2/describe.h"
#include "services/ec2/ec2.h"
#include "services/ec2/network.h"
#include "services/ec2/network_acls.h"
#include "services/ec2/prefix_lists.h"

namespace landfall::ec2 {
namespace {

bool is_tcp(std::string_view protocol) { return protocol == "-1" || protocol == "tcp" || protocol == "6"; }

template <class Rule>
net::AdmissionRule admission_rule(const Rule& rule, const std::string& cidr, bool allow) {
  net::AdmissionRule out{.allow = allow, .cidr = cidr};
  if (rule.protocol != "-1" && rule.from_port >= 0) {
    out.first_port = rule.from_port;
    out.last_port = rule.to_port;
  }
  return out;
}

void add_entries(const std::vector<host::NetworkAclEntry>& entries, std::vector<net::AdmissionRule>& out) {
  for (const host::NetworkAclEntry& entry : entries)
    if (is_tcp(entry.protocol)) out.push_back(admission_rule(entry, entry.cidr, entry.action == "allow"));
}

}  // namespace

net::AdmissionRules admission_rules(const Call& call, const std::string& interface_id) {
  net::AdmissionRules out;
  const auto interface = rows(call, kInterfaces).get(interface_id);
  const auto subnet = interface ? rows(call, kSubnets).get(interface->subnet_id) : nullptr;
  if (!subnet) return out;
  for (const std::string& id : interface->group_ids) {
    const auto group = rows(call, kSecurityGroups).get(id);
    if (!group) continue;
    for (const RuleRecord& rule : group->rules) {
      if (rule.direction != Direction::ingress || !is_tcp(rule.protocol)) continue;
      // A rule that names a group means the private addresses of its members: nobody out here.
      if (!rule.cidr_ipv4.empty()) out.groups.push_back(admission_rule(rule, rule.cidr_ipv4, true));
      for (const std::string& cidr : prefix_list_cidrs(rule.prefix_list_id, call.plane.config.public_cidr))
        out.groups.push_back(admission_rule(rule, cidr, true));
    }
  }
  const auto acl = rows(call, kNetworkAcls).get(acl_of(call, *subnet));
  if (const auto enforced = acl ? enforced_acl(*acl) : std::nullopt) {
    add_entries(enforced->ingress, out.acl_in);
    add_entries(enforced->egress, out.acl_out);
  } else {
    out.acl_in = out.acl_out = {{.cidr = "0.0.0.0/0"}};
  }
  return out;
}

void watch_admission(ControlPlane& plane, const std::function<void()>& changed) {
  for (const char* table : {kSecurityGroups.table.name, kNetworkAcls.table.name, kSubnets.table.name})
    plane.store.watch(std::string(table) + "/", [changed](const store::Change&) { changed(); });
}

}  // namespace landfall::ec2
