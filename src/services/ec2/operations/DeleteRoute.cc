#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

aws::Empty DeleteRoute(Call& call, const DeleteRouteRequest& in) {
  RouteTableRecord table = *require(call, kRouteTables, in.RouteTableId.value_or(""));
  const std::string destination = canonical_destination(in.DestinationCidrBlock);
  for (const RouteRecord& route : table.routes) {
    if (route.destination == destination && route.gateway_id == "local")
      throw_invalid(
          fmt::format("cannot remove local route {} in route table {}", destination, table.route_table_id));
  }
  if (std::erase_if(table.routes, [&](const RouteRecord& r) { return r.destination == destination; }) == 0)
    throw_no_route(table.route_table_id, destination);
  put_route_table(call, table);
  return {};
}

}  // namespace landfall::ec2
