#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/network_acls.h"

namespace landfall::ec2 {

ReplaceNetworkAclAssociationResult ReplaceNetworkAclAssociation(
    Call& call, const ReplaceNetworkAclAssociationRequest& in) {
  const auto acl = require(call, kNetworkAcls, in.NetworkAclId.value_or(""));
  for (const auto& [id, found] : rows(call, kSubnets).all()) {
    if (found->acl_association_id != in.AssociationId.value_or("")) continue;
    SubnetRecord subnet = *found;
    if (subnet.vpc_id != acl->vpc_id)
      throw_invalid(fmt::format("Network ACL {} and subnet {} belong to different networks",
                                acl->network_acl_id, subnet.subnet_id));
    subnet.acl_association_id = new_id(call, "aclassoc-");
    subnet.network_acl_id = acl->is_default ? "" : acl->network_acl_id;
    rows(call, kSubnets).put(id, subnet);
    sync_network(call, subnet.vpc_id);
    ReplaceNetworkAclAssociationResult out;
    out.NewAssociationId = subnet.acl_association_id;
    return out;
  }
  throw_error("InvalidAssociationID.NotFound",
              fmt::format("The association ID '{}' does not exist", in.AssociationId.value_or("")));
}

}  // namespace landfall::ec2
