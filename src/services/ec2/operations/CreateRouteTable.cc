#include "ec2/operations.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateRouteTableResult CreateRouteTable(Call& call, const CreateRouteTableRequest& in) {
  const auto vpc = require(call, kVpcs, in.VpcId.value_or(""));
  const TagMap tags = tags_for(in.TagSpecifications, "route-table");
  RouteTableRecord table{.route_table_id = new_id(call, kRouteTables.prefix),
                         .vpc_id = vpc->vpc_id,
                         .routes = {},
                         .associations = {}};
  table.routes.push_back({.destination = vpc->cidr, .gateway_id = "local"});
  rows(call, kRouteTables).put(table.route_table_id, table);
  put_tags(call, table.route_table_id, "route-table", tags);
  CreateRouteTableResult out;
  out.RouteTable = render(call, table);
  out.ClientToken = in.ClientToken;
  return out;
}

}  // namespace landfall::ec2
