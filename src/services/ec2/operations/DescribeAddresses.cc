#include "ec2/operations.h"
#include "services/ec2/addresses.h"

namespace landfall::ec2 {

DescribeAddressesResult DescribeAddresses(Call& call, const DescribeAddressesRequest& in) {
  Query query{.ids = in.AllocationIds, .filters = in.Filters, .paging = {}};
  for (const std::string& address : in.PublicIps)
    query.ids.push_back(require_address(call, std::nullopt, address).allocation_id);
  DescribeAddressesResult out;
  for (const auto& [id, address] : describe(call, kAddresses, query, address_fields(call)).rows)
    out.Addresses.push_back(render(call, *address));
  return out;
}

}  // namespace landfall::ec2
