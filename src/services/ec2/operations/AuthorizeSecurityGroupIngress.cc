#include "ec2/operations.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

AuthorizeSecurityGroupIngressResult AuthorizeSecurityGroupIngress(
    Call& call, const AuthorizeSecurityGroupIngressRequest& in) {
  const auto group = require_group(call, in.GroupId, in.GroupName);
  const TagMap tags = tags_for(in.TagSpecifications, "security-group-rule");
  auto rules = rules_of(call, *group, Direction::ingress, in.IpPermissions,
                        {in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.FromPort, in.ToPort});
  AuthorizeSecurityGroupIngressResult out;
  out.SecurityGroupRules = authorize_rules(call, *group, std::move(rules), tags);
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
