#include "ec2/operations.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

UpdateSecurityGroupRuleDescriptionsEgressResult UpdateSecurityGroupRuleDescriptionsEgress(
    Call& call, const UpdateSecurityGroupRuleDescriptionsEgressRequest& in) {
  const auto group = require_group(call, in.GroupId, in.GroupName);
  const auto rules = rules_of(call, *group, Direction::egress, in.IpPermissions, {});
  update_descriptions(call, *group, Direction::egress, rules, in.SecurityGroupRuleDescriptions);
  UpdateSecurityGroupRuleDescriptionsEgressResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
