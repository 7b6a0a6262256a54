#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/network_acls.h"

namespace landfall::ec2 {

aws::Empty CreateNetworkAclEntry(Call& call, const CreateNetworkAclEntryRequest& in) {
  NetworkAclRecord acl = *require(call, kNetworkAcls, in.NetworkAclId.value_or(""));
  AclEntryRecord entry = entry_of(in);
  size_t of_direction = 0;
  for (const AclEntryRecord& other : acl.entries) {
    if (other.direction != entry.direction) continue;
    ++of_direction;
    if (other.number == entry.number)
      throw_error("NetworkAclEntryAlreadyExists",
                  fmt::format("The network acl entry identified by {} already exists.", entry.number));
  }
  if (of_direction >= kMaxAclEntries)
    throw_error("NetworkAclEntryLimitExceeded",
                "The maximum number of network acl entries has been reached.");
  acl.entries.push_back(std::move(entry));
  sort_entries(acl);
  put_network_acl(call, acl);
  return {};
}

}  // namespace landfall::ec2
