#include "ec2/operations.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

AuthorizeSecurityGroupEgressResult AuthorizeSecurityGroupEgress(
    Call& call, const AuthorizeSecurityGroupEgressRequest& in) {
  const auto group = require_group(call, in.GroupId, std::nullopt);
  const TagMap tags = tags_for(in.TagSpecifications, "security-group-rule");
  auto rules = rules_of(call, *group, Direction::egress, in.IpPermissions,
                        {in.CidrIp, in.IpProtocol, in.SourceSecurityGroupName, in.FromPort, in.ToPort});
  AuthorizeSecurityGroupEgressResult out;
  out.SecurityGroupRules = authorize_rules(call, *group, std::move(rules), tags);
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
