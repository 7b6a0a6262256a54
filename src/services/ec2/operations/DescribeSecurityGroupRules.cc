#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
struct RuleOfGroup {
  std::shared_ptr<const SecurityGroupRecord> group;
  RuleRecord rule;
};
}  // namespace

DescribeSecurityGroupRulesResult DescribeSecurityGroupRules(Call& call,
                                                            const DescribeSecurityGroupRulesRequest& in) {
  ensure_default_vpc(call);
  std::map<std::string, RuleOfGroup> all;
  for (const auto& [id, group] : rows(call, kSecurityGroups).all())
    for (const RuleRecord& rule : group->rules) all.emplace(rule.rule_id, RuleOfGroup{group, rule});
  const FilterFields<RuleOfGroup> fields{
      {"group-id", [](const RuleOfGroup& r, Values& out) { out.push_back(r.group->group_id); }},
      {"security-group-rule-id", [](const RuleOfGroup& r, Values& out) { out.push_back(r.rule.rule_id); }},
  };
  std::vector<std::pair<std::string, RuleOfGroup>> chosen;
  for (const std::string& id : in.SecurityGroupRuleIds) {
    if (!all.contains(id))
      throw_error("InvalidSecurityGroupRuleId.NotFound",
                  fmt::format("The security group rule ID '{}' does not exist", id));
  }
  for (auto& [id, rule] : all) {
    const bool wanted = in.SecurityGroupRuleIds.empty() ||
                        std::ranges::find(in.SecurityGroupRuleIds, id) != in.SecurityGroupRuleIds.end();
    if (wanted && matches_filters(in.Filters, fields, rule, [&] { return tags_of(call, id); }))
      chosen.emplace_back(id, rule);
  }
  DescribeSecurityGroupRulesResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (const auto& [id, rule] : chosen)
    out.SecurityGroupRules.push_back(render_rule(call, *rule.group, rule.rule));
  return out;
}

}  // namespace landfall::ec2
