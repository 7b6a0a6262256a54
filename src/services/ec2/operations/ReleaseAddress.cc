#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/ec2.h"

namespace landfall::ec2 {

aws::Empty ReleaseAddress(Call& call, const ReleaseAddressRequest& in) {
  const AddressRecord address = require_address(call, in.AllocationId, in.PublicIp);
  if (!address.association_id.empty())
    throw_error("InvalidIPAddress.InUse", fmt::format("Address {} is in use.", address.public_ip));
  release_public_address(call, address.public_ip);
  forget_tags(call, address.allocation_id);
  rows(call, kAddresses).erase(address.allocation_id);
  return {};
}

}  // namespace landfall::ec2
