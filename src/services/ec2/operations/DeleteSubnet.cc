#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty DeleteSubnet(Call& call, const DeleteSubnetRequest& in) {
  const SubnetRecord subnet = *require(call, kSubnets, in.SubnetId.value_or(""));
  if (!interfaces_of_subnet(call, subnet.subnet_id).empty())
    throw_error("DependencyViolation",
                fmt::format("The subnet '{}' has dependencies and cannot be deleted.", subnet.subnet_id));
  for (const auto& [id, table] : rows(call, kRouteTables).all()) {
    RouteTableRecord changed = *table;
    if (std::erase_if(changed.associations, [&](const auto& a) { return a.subnet_id == subnet.subnet_id; }) >
        0)
      rows(call, kRouteTables).put(id, changed);
  }
  delete_subnet(call, subnet);
  return {};
}

}  // namespace landfall::ec2
