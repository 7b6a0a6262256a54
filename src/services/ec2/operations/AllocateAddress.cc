#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/ec2.h"

namespace landfall::ec2 {

AllocateAddressResult AllocateAddress(Call& call, const AllocateAddressRequest& in) {
  if (in.Domain.value_or("vpc") != "vpc")
    throw_error("UnsupportedOperation", "Addresses are allocated in the domain 'vpc' only");
  if (in.Address || in.PublicIpv4Pool.value_or("amazon") != "amazon" || in.CustomerOwnedIpv4Pool ||
      in.IpamPoolId)
    throw_error(
        "UnsupportedOperation",
        "Addresses come from Landfall's public range only: Address, PublicIpv4Pool, CustomerOwnedIpv4Pool "
        "and IpamPoolId are not supported");
  if (in.NetworkBorderGroup && *in.NetworkBorderGroup != call.region)
    throw_invalid(fmt::format("Invalid value '{}' for NetworkBorderGroup.", *in.NetworkBorderGroup));
  const TagMap tags = tags_for(in.TagSpecifications, "elastic-ip");
  if (rows(call, kAddresses).all().size() >= kMaxAddresses)
    throw_error("AddressLimitExceeded", "The maximum number of addresses has been reached.");
  AddressRecord record;
  record.allocation_id = new_id(call, kAddresses.prefix);
  record.public_ip = allocate_public_address(call, record.allocation_id);
  rows(call, kAddresses).put(record.allocation_id, record);
  put_tags(call, record.allocation_id, kAddresses.type, tags);
  AllocateAddressResult out;
  out.AllocationId = record.allocation_id;
  out.PublicIp = record.public_ip;
  out.PublicIpv4Pool = "amazon";
  out.NetworkBorderGroup = call.region;
  out.Domain = "vpc";
  return out;
}

}  // namespace landfall::ec2
