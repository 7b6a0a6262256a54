#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

CreateRouteResult CreateRoute(Call& call, const CreateRouteRequest& in) {
  refuse(in, kRouteRefusals);
  RouteTableRecord table = *require(call, kRouteTables, in.RouteTableId.value_or(""));
  RouteRecord route = make_route(call, table, in.DestinationCidrBlock, target_of(in));
  for (const RouteRecord& other : table.routes) {
    if (other.destination == route.destination)
      throw_error("RouteAlreadyExists",
                  fmt::format("The route identified by {} already exists.", route.destination));
  }
  table.routes.push_back(std::move(route));
  put_route_table(call, table);
  CreateRouteResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
