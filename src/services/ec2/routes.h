// Route tables: finding associations, reading a route's destination and target.
#pragma once

#include <optional>
#include <string>

#include "services/ec2/resources.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

struct FoundAssociation {
  RouteTableRecord table;
  size_t index = 0;
  const RouteAssociationRecord& association() const { return table.associations[index]; }
};
FoundAssociation require_association(const Call& call, const std::string& association_id);
std::optional<FoundAssociation> association_of_subnet(const Call& call, const std::string& subnet_id);

struct RouteTarget {
  std::optional<std::string> gateway_id, nat_gateway_id, network_interface_id, instance_id;
};
template <class Request>
RouteTarget target_of(const Request& in) {
  return {in.GatewayId, in.NatGatewayId, in.NetworkInterfaceId, in.InstanceId};
}
// Checks the target; throws MissingParameter without one, and the target's NotFound.
RouteRecord make_route(const Call& call, const RouteTableRecord& table,
                       const std::optional<std::string>& destination, const RouteTarget& target);
std::string canonical_destination(
    const std::optional<std::string>& destination);  // throws MissingParameter, InvalidParameterValue
[[noreturn]] void throw_no_route(const std::string& table_id, const std::string& destination);

}  // namespace landfall::ec2
