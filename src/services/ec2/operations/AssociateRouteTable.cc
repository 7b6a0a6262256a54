#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

AssociateRouteTableResult AssociateRouteTable(Call& call, const AssociateRouteTableRequest& in) {
  refuse(in, kAssociateRouteTableRefusals);
  RouteTableRecord table = *require(call, kRouteTables, in.RouteTableId.value_or(""));
  if (!in.SubnetId) throw_missing("subnetId");
  const auto subnet = require(call, kSubnets, *in.SubnetId);
  if (subnet->vpc_id != table.vpc_id)
    throw_invalid(fmt::format("Route table {} and subnet {} belong to different networks",
                              table.route_table_id, subnet->subnet_id));
  AssociateRouteTableResult out;
  out.AssociationState.emplace().State = "associated";
  if (const auto now = association_of_subnet(call, subnet->subnet_id)) {
    if (now->table.route_table_id != table.route_table_id)
      throw_error(
          "Resource.AlreadyAssociated",
          fmt::format("the specified association for route table {} conflicts with an existing association",
                      table.route_table_id));
    out.AssociationId = now->association().association_id;
    return out;
  }
  table.associations.push_back({.association_id = new_id(call, "rtbassoc-"), .subnet_id = subnet->subnet_id});
  put_route_table(call, table);
  out.AssociationId = table.associations.back().association_id;
  return out;
}

}  // namespace landfall::ec2
