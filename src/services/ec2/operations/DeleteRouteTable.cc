#include "ec2/operations.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty DeleteRouteTable(Call& call, const DeleteRouteTableRequest& in) {
  const auto table = require(call, kRouteTables, in.RouteTableId.value_or(""));
  if (!table->associations.empty())
    throw_error(
        "DependencyViolation",
        fmt::format("The routeTable '{}' has dependencies and cannot be deleted.", table->route_table_id));
  forget_tags(call, *in.RouteTableId);
  rows(call, kRouteTables).erase(*in.RouteTableId);
  return {};
}

}  // namespace landfall::ec2
