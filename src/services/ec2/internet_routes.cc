#include "services/ec2/internet_routes.h"

#include <algorithm>

#include "services/ec2/addresses.h"
#include "services/ec2/nat_gateways.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

static constexpr char kEverywhere[] = "0.0.0.0/0";

std::string_view host_word(InternetAccess access) {
  switch (access) {
    case InternetAccess::for_all:
      return "all";
    case InternetAccess::with_public_address:
      return "public";
    case InternetAccess::none:
      break;
  }
  return "none";
}

InternetAccess internet_access(const RouteTableRecord& table, const RouteExits& exits) {
  const auto route = std::ranges::find(table.routes, kEverywhere, &RouteRecord::destination);
  if (route == table.routes.end()) return InternetAccess::none;
  const auto leads = [](const auto& exit, const std::string& id) { return !id.empty() && exit && exit(id); };
  if (leads(exits.nat_gateway, route->nat_gateway_id)) return InternetAccess::for_all;
  if (leads(exits.nat_interface, route->network_interface_id)) return InternetAccess::for_all;
  if (leads(exits.internet_gateway, route->gateway_id)) return InternetAccess::with_public_address;
  return InternetAccess::none;
}

std::string s3_endpoint_of(const RouteTableRecord& table) {
  for (const RouteRecord& route : table.routes)
    if (route.gateway_id.starts_with("vpce-")) return route.gateway_id;
  return {};
}

std::shared_ptr<const RouteTableRecord> route_table_of(const Call& call, const SubnetRecord& subnet) {
  if (const auto found = association_of_subnet(call, subnet.subnet_id))
    return rows(call, kRouteTables).get(found->table.route_table_id);
  return rows(call, kRouteTables).get(require(call, kVpcs, subnet.vpc_id)->main_route_table_id);
}

// --- what the exits are

static bool is_attached(const Call& call, const std::string& gateway_id, const std::string& vpc_id) {
  const auto gateway = rows(call, kInternetGateways).get(gateway_id);
  return gateway && gateway->vpc_id == vpc_id;
}

// By its own subnet's table, in which only an internet gateway counts: no chains of NAT.
static bool is_on_the_internet(const Call& call, const std::string& subnet_id) {
  const auto subnet = rows(call, kSubnets).get(subnet_id);
  if (!subnet) return false;
  const auto table = route_table_of(call, *subnet);
  const RouteExits exits{
      .internet_gateway = [&](const std::string& id) { return is_attached(call, id, subnet->vpc_id); },
      .nat_gateway = {},
      .nat_interface = {}};
  return table && internet_access(*table, exits) == InternetAccess::with_public_address;
}

InternetAccess internet_access_of(const Call& call, const SubnetRecord& subnet) {
  const auto table = route_table_of(call, subnet);
  if (!table) return InternetAccess::none;
  return internet_access(
      *table,
      {.internet_gateway = [&](const std::string& id) { return is_attached(call, id, subnet.vpc_id); },
       .nat_gateway =
           [&](const std::string& id) {
             const auto gateway = rows(call, kNatGateways).get(id);
             return gateway && !gateway->public_ip.empty() && is_on_the_internet(call, gateway->subnet_id);
           },
       .nat_interface =
           [&](const std::string& id) {
             const auto interface = rows(call, kInterfaces).get(id);
             return interface && !interface->source_dest_check &&
                    !public_name_of(call, *interface).address.empty() &&
                    is_on_the_internet(call, interface->subnet_id);
           }});
}

}  // namespace landfall::ec2
