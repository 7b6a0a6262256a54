#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/network_acls.h"

namespace landfall::ec2 {

aws::Empty ReplaceNetworkAclEntry(Call& call, const ReplaceNetworkAclEntryRequest& in) {
  NetworkAclRecord acl = *require(call, kNetworkAcls, in.NetworkAclId.value_or(""));
  const AclEntryRecord entry = entry_of(in);
  for (AclEntryRecord& other : acl.entries) {
    if (other.direction != entry.direction || other.number != entry.number) continue;
    other = entry;
    put_network_acl(call, acl);
    return {};
  }
  throw_error("InvalidNetworkAclEntry.NotFound",
              fmt::format("The specified network acl entry {} does not exist.", entry.number));
}

}  // namespace landfall::ec2
