#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ModifySecurityGroupRulesResult ModifySecurityGroupRules(Call& call,
                                                        const ModifySecurityGroupRulesRequest& in) {
  SecurityGroupRecord group = *require(call, kSecurityGroups, in.GroupId.value_or(""));
  for (const SecurityGroupRuleUpdate& update : in.SecurityGroupRules) {
    const std::string id = update.SecurityGroupRuleId.value_or("");
    const auto found = std::ranges::find(group.rules, id, &RuleRecord::rule_id);
    if (found == group.rules.end())
      throw_error("InvalidSecurityGroupRuleId.NotFound",
                  fmt::format("The security group rule ID '{}' does not exist", id));
    if (!update.SecurityGroupRule) throw_missing("SecurityGroupRule");
    const SecurityGroupRuleRequest& wanted = *update.SecurityGroupRule;
    RuleRecord rule{.rule_id = id, .direction = found->direction};
    set_protocol_and_ports(rule, wanted.IpProtocol, wanted.FromPort, wanted.ToPort);
    if (wanted.CidrIpv4) rule.cidr_ipv4 = canonical_cidr_ipv4(*wanted.CidrIpv4);
    if (wanted.CidrIpv6) rule.cidr_ipv6 = canonical_cidr_ipv6(*wanted.CidrIpv6);
    if (wanted.ReferencedGroupId) {
      check_referenced_group(call, group, *wanted.ReferencedGroupId);
      rule.referenced_group_id = *wanted.ReferencedGroupId;
    }
    if (wanted.PrefixListId) rule.prefix_list_id = checked_prefix_list(call, *wanted.PrefixListId);
    if (int(!rule.cidr_ipv4.empty()) + int(!rule.cidr_ipv6.empty()) + int(!rule.referenced_group_id.empty()) +
            int(!rule.prefix_list_id.empty()) !=
        1)
      throw_error("InvalidParameterCombination",
                  "Exactly one source or destination must be given for a rule");
    rule.description = wanted.Description.value_or("");
    *found = rule;
  }
  put_group(call, std::move(group));
  ModifySecurityGroupRulesResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
