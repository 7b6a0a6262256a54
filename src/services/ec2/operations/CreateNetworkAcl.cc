#include "ec2/operations.h"
#include "services/ec2/client_tokens.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// A new ACL has no entries but the last: it denies everything.
CreateNetworkAclResult CreateNetworkAcl(Call& call, const CreateNetworkAclRequest& in) {
  CreateNetworkAclResult out;
  out.ClientToken = in.ClientToken;
  if (const auto before = made_before(call, kNetworkAcls, in)) {
    out.NetworkAcl = render(call, *before);
    return out;
  }
  const auto vpc = require(call, kVpcs, in.VpcId.value_or(""));
  const TagMap tags = tags_for(in.TagSpecifications, kNetworkAcls.type);
  NetworkAclRecord acl;
  acl.network_acl_id = new_id(call, kNetworkAcls.prefix);
  acl.vpc_id = vpc->vpc_id;
  rows(call, kNetworkAcls).put(acl.network_acl_id, acl);
  put_tags(call, acl.network_acl_id, kNetworkAcls.type, tags);
  remember_made(call, in, acl.network_acl_id);
  out.NetworkAcl = render(call, acl);
  return out;
}

}  // namespace landfall::ec2
