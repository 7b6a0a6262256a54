#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateNetworkInterfaceResult CreateNetworkInterface(Call& call, const CreateNetworkInterfaceRequest& in) {
  if (in.SecondaryPrivateIpAddressCount.value_or(0) > 0 || in.PrivateIpAddresses.size() > 1)
    throw_error("UnsupportedOperation", "An interface has one private address in this version of Landfall");
  std::string address = in.PrivateIpAddress.value_or("");
  if (address.empty() && !in.PrivateIpAddresses.empty())
    address = in.PrivateIpAddresses.front().PrivateIpAddress.value_or("");
  const TagMap tags = tags_for(in.TagSpecifications, "network-interface");
  const InterfaceRecord record = create_interface(call, {.subnet_id = in.SubnetId.value_or(""),
                                                         .group_ids = in.Groups,
                                                         .private_ip = address,
                                                         .description = in.Description.value_or(""),
                                                         .workload_id = {},
                                                         .instance_id = {},
                                                         .requester = call.caller.service});
  put_tags(call, record.interface_id, "network-interface", tags);
  CreateNetworkInterfaceResult out;
  out.NetworkInterface = render(call, record);
  out.ClientToken = in.ClientToken;
  return out;
}

}  // namespace landfall::ec2
