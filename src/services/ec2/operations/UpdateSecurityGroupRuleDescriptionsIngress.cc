#include "ec2/operations.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

UpdateSecurityGroupRuleDescriptionsIngressResult UpdateSecurityGroupRuleDescriptionsIngress(
    Call& call, const UpdateSecurityGroupRuleDescriptionsIngressRequest& in) {
  const auto group = require_group(call, in.GroupId, in.GroupName);
  const auto rules = rules_of(call, *group, Direction::ingress, in.IpPermissions, {});
  update_descriptions(call, *group, Direction::ingress, rules, in.SecurityGroupRuleDescriptions);
  UpdateSecurityGroupRuleDescriptionsIngressResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
