#include "services/ec2/routes.h"

#include "services/ec2/cidr.h"
#include "services/ec2/nat_gateways.h"

namespace landfall::ec2 {

template <class Match>
static std::optional<FoundAssociation> find_association(const Call& call, Match match) {
  for (const auto& [id, table] : rows(call, kRouteTables).all()) {
    for (size_t i = 0; i < table->associations.size(); ++i)
      if (match(table->associations[i])) return FoundAssociation{*table, i};
  }
  return std::nullopt;
}

FoundAssociation require_association(const Call& call, const std::string& association_id) {
  if (auto found = find_association(call, [&](const auto& a) { return a.association_id == association_id; }))
    return *found;
  throw_error("InvalidAssociationID.NotFound",
              fmt::format("The association ID '{}' does not exist", association_id));
}

std::optional<FoundAssociation> association_of_subnet(const Call& call, const std::string& subnet_id) {
  return find_association(call, [&](const auto& a) { return a.subnet_id == subnet_id; });
}

std::string canonical_destination(const std::optional<std::string>& destination) {
  if (!destination) throw_missing("destinationCidrBlock");
  const auto cidr = Cidr::parse_any(*destination);
  if (!cidr)
    throw_invalid(fmt::format(
        "Value ({}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.",
        *destination));
  return cidr->text();
}

void throw_no_route(const std::string& table_id, const std::string& destination) {
  throw_error(
      "InvalidRoute.NotFound",
      fmt::format("no route with destination-cidr-block {} in route table {}", destination, table_id));
}

static void check_gateway(const Call& call, const RouteTableRecord& table, const std::string& id) {
  const auto gateway = require(call, kInternetGateways, id);
  if (gateway->vpc_id != table.vpc_id)
    throw_error("InvalidParameterValue",
                fmt::format("route table {} and network gateway {} belong to different networks",
                            table.route_table_id, id));
}

RouteRecord make_route(const Call& call, const RouteTableRecord& table,
                       const std::optional<std::string>& destination, const RouteTarget& target) {
  RouteRecord route;
  route.destination = canonical_destination(destination);
  const int targets = target.gateway_id.has_value() + target.nat_gateway_id.has_value() +
                      target.network_interface_id.has_value() + target.instance_id.has_value();
  if (targets > 1)
    throw_error("InvalidParameterCombination", "The parameters for a route's target exclude each other");
  if (target.nat_gateway_id) {
    const auto gateway = require(call, kNatGateways, *target.nat_gateway_id);
    if (gateway->vpc_id != table.vpc_id)
      throw_error("InvalidParameterValue",
                  fmt::format("route table {} and network gateway {} belong to different networks",
                              table.route_table_id, gateway->nat_gateway_id));
    route.nat_gateway_id = gateway->nat_gateway_id;
  } else if (target.gateway_id) {
    check_gateway(call, table, *target.gateway_id);
    route.gateway_id = *target.gateway_id;
  } else if (target.network_interface_id) {
    const auto interface = require(call, kInterfaces, *target.network_interface_id);
    route.network_interface_id = interface->interface_id;
    route.instance_id = interface->instance_id;
  } else if (target.instance_id) {
    const auto instance = require(call, kInstances, *target.instance_id);
    route.network_interface_id = instance->interface_id;
    route.instance_id = instance->instance_id;
  } else {
    throw_missing("gatewayId, natGatewayId, networkInterfaceId or instanceId");
  }
  return route;
}

}  // namespace landfall::ec2
