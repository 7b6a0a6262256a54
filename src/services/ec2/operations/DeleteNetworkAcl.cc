#include "ec2/operations.h"
#include "services/ec2/network_acls.h"

namespace landfall::ec2 {

aws::Empty DeleteNetworkAcl(Call& call, const DeleteNetworkAclRequest& in) {
  const auto acl = require(call, kNetworkAcls, in.NetworkAclId.value_or(""));
  if (acl->is_default)
    throw_error("InvalidParameterValue",
                fmt::format("cannot delete default network ACL {}", acl->network_acl_id));
  if (!subnets_with_acl(call, *acl).empty())
    throw_error(
        "DependencyViolation",
        fmt::format("The networkAcl '{}' has dependencies and cannot be deleted.", acl->network_acl_id));
  forget_tags(call, *in.NetworkAclId);
  rows(call, kNetworkAcls).erase(*in.NetworkAclId);
  return {};
}

}  // namespace landfall::ec2
