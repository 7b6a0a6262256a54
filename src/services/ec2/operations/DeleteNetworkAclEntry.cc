#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/network_acls.h"

namespace landfall::ec2 {

aws::Empty DeleteNetworkAclEntry(Call& call, const DeleteNetworkAclEntryRequest& in) {
  NetworkAclRecord acl = *require(call, kNetworkAcls, in.NetworkAclId.value_or(""));
  const Direction direction = in.Egress.value_or(false) ? Direction::egress : Direction::ingress;
  const int64_t number = in.RuleNumber.value_or(0);
  if (std::erase_if(acl.entries, [&](const AclEntryRecord& entry) {
        return entry.direction == direction && entry.number == number;
      }) == 0)
    throw_error("InvalidNetworkAclEntry.NotFound",
                fmt::format("The specified network acl entry {} does not exist.", number));
  put_network_acl(call, acl);
  return {};
}

}  // namespace landfall::ec2
