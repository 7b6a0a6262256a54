#include "ec2/operations.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

RevokeSecurityGroupIngressResult RevokeSecurityGroupIngress(Call& call,
                                                            const RevokeSecurityGroupIngressRequest& in) {
  const auto group = require_group(call, in.GroupId, in.GroupName);
  const auto rules = rules_of(call, *group, Direction::ingress, in.IpPermissions,
                              {in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.FromPort, in.ToPort});
  RevokeSecurityGroupIngressResult out;
  for (const RuleRecord& rule :
       revoke_rules(call, *group, Direction::ingress, rules, in.SecurityGroupRuleIds))
    out.RevokedSecurityGroupRules.push_back(render_revoked(*group, rule));
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
