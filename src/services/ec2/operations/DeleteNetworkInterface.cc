#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty DeleteNetworkInterface(Call& call, const DeleteNetworkInterfaceRequest& in) {
  const auto record = require(call, kInterfaces, in.NetworkInterfaceId.value_or(""));
  if (!record->attachment_id.empty())
    throw_invalid(fmt::format("Network interface '{}' is currently in use.", record->interface_id));
  delete_interface(call, *in.NetworkInterfaceId);
  return {};
}

}  // namespace landfall::ec2
