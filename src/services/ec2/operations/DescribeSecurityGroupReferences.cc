#include "ec2/operations.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// References come from peered VPCs only, and there is no peering: the groups are checked, and nothing is
// found.
DescribeSecurityGroupReferencesResult DescribeSecurityGroupReferences(
    Call& call, const DescribeSecurityGroupReferencesRequest& in) {
  for (const std::string& id : in.GroupId) require(call, kSecurityGroups, id);
  return {};
}

}  // namespace landfall::ec2
