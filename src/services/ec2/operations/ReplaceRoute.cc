#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

aws::Empty ReplaceRoute(Call& call, const ReplaceRouteRequest& in) {
  refuse(in, kRouteRefusals);
  RouteTableRecord table = *require(call, kRouteTables, in.RouteTableId.value_or(""));
  RouteRecord route = make_route(call, table, in.DestinationCidrBlock, target_of(in));
  for (RouteRecord& other : table.routes) {
    if (other.destination != route.destination || other.gateway_id == "local") continue;
    other = route;
    put_route_table(call, table);
    return {};
  }
  throw_no_route(table.route_table_id, route.destination);
}

}  // namespace landfall::ec2
