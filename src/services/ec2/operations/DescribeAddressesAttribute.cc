#include "ec2/operations.h"
#include "services/ec2/addresses.h"

namespace landfall::ec2 {

// The only attribute is the name that the address resolves back to, and none is ever set.
DescribeAddressesAttributeResult DescribeAddressesAttribute(Call& call,
                                                            const DescribeAddressesAttributeRequest& in) {
  const auto page =
      describe(call, kAddresses, {in.AllocationIds, {}, {in.MaxResults, in.NextToken}}, address_fields(call));
  DescribeAddressesAttributeResult out;
  for (const auto& [id, address] : page.rows) {
    AddressAttribute& attribute = out.Addresses.emplace_back();
    attribute.AllocationId = address->allocation_id;
    attribute.PublicIp = address->public_ip;
  }
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
