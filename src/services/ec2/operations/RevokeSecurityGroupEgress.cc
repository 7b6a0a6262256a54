#include "ec2/operations.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

RevokeSecurityGroupEgressResult RevokeSecurityGroupEgress(Call& call,
                                                          const RevokeSecurityGroupEgressRequest& in) {
  const auto group = require_group(call, in.GroupId, std::nullopt);
  const auto rules = rules_of(call, *group, Direction::egress, in.IpPermissions,
                              {in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.FromPort, in.ToPort});
  RevokeSecurityGroupEgressResult out;
  for (const RuleRecord& rule : revoke_rules(call, *group, Direction::egress, rules, in.SecurityGroupRuleIds))
    out.RevokedSecurityGroupRules.push_back(render_revoked(*group, rule));
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
