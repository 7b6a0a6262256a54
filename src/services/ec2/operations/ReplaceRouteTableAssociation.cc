#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

ReplaceRouteTableAssociationResult ReplaceRouteTableAssociation(
    Call& call, const ReplaceRouteTableAssociationRequest& in) {
  FoundAssociation found = require_association(call, in.AssociationId.value_or(""));
  const auto target = require(call, kRouteTables, in.RouteTableId.value_or(""));
  if (target->vpc_id != found.table.vpc_id)
    throw_invalid(fmt::format("Route table {} belongs to another network", target->route_table_id));
  RouteAssociationRecord association{.association_id = new_id(call, "rtbassoc-"),
                                     .subnet_id = found.association().subnet_id};
  found.table.associations.erase(found.table.associations.begin() + static_cast<ptrdiff_t>(found.index));
  rows(call, kRouteTables).put(found.table.route_table_id, found.table);
  RouteTableRecord changed = *require(call, kRouteTables, *in.RouteTableId);  // may be the same table
  changed.associations.push_back(association);
  rows(call, kRouteTables).put(changed.route_table_id, changed);
  if (association.subnet_id.empty()) {
    VpcRecord vpc = *require(call, kVpcs, changed.vpc_id);
    vpc.main_route_table_id = changed.route_table_id;
    rows(call, kVpcs).put(vpc.vpc_id, vpc);
  }
  sync_network(call, changed.vpc_id);
  ReplaceRouteTableAssociationResult out;
  out.NewAssociationId = association.association_id;
  out.AssociationState.emplace().State = "associated";
  return out;
}

}  // namespace landfall::ec2
