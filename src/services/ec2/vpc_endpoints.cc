#include "services/ec2/vpc_endpoints.h"

#include <boost/json.hpp>

#include "services/ec2/ec2.h"
#include "services/ec2/network.h"
#include "services/ec2/prefix_lists.h"
#include "services/ec2/render.h"

namespace landfall::ec2 {

std::vector<EndpointService> endpoint_services_of(std::string_view region) {
  const std::string prefix = "com.amazonaws." + std::string(region) + ".";
  const std::string suffix = "." + std::string(region) + ".amazonaws.com";
  std::vector<EndpointService> out;
  out.push_back({prefix + "s3", {"Gateway", "Interface"}, "s3" + suffix});
  for (const char* name :
       {"autoscaling", "cloudformation", "ec2", "elasticache", "elasticbeanstalk", "elasticloadbalancing",
        "logs", "monitoring", "rds", "secretsmanager", "ssm", "sts"})
    out.push_back({prefix + name, {"Interface"}, name + suffix});
  return out;
}

// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
std::string default_endpoint_policy() {
  return R"({"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]})";
}

std::string checked_policy(const std::string& document) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(document, error);
  if (error || !value.is_object() || !value.as_object().contains("Statement"))
    throw_error("InvalidPolicyDocument", "The policy document is invalid: it is no JSON with a Statement.");
  return document;
}

// --- routes

static std::string prefix_list_id(const Call& call, const VpcEndpointRecord& endpoint) {
  const auto list = find_prefix_list(call.region, endpoint.service_name);
  LF_INVARIANT(list.has_value(), "a gateway endpoint's service has a prefix list");
  return list->id;
}

void add_endpoint_route(Call& call, const VpcEndpointRecord& endpoint, const std::string& route_table_id) {
  RouteTableRecord table = *require(call, kRouteTables, route_table_id);
  if (table.vpc_id != endpoint.vpc_id)
    throw_error("InvalidParameter", fmt::format("Route table {} and VPC {} belong to different networks.",
                                                route_table_id, endpoint.vpc_id));
  const std::string destination = prefix_list_id(call, endpoint);
  for (const RouteRecord& route : table.routes)
    if (route.destination == destination)
      throw_error("RouteAlreadyExists",
                  fmt::format("route table {} already has a route with destination-prefix-list-id {}",
                              route_table_id, destination));
  RouteRecord& route = table.routes.emplace_back();
  route.destination = destination;
  route.gateway_id = endpoint.vpc_endpoint_id;
  rows(call, kRouteTables).put(route_table_id, table);
}

void remove_endpoint_route(Call& call, const VpcEndpointRecord& endpoint, const std::string& route_table_id) {
  const auto now = rows(call, kRouteTables).get(route_table_id);
  if (!now) return;
  RouteTableRecord table = *now;
  std::erase_if(table.routes, [&](const RouteRecord& r) { return r.gateway_id == endpoint.vpc_endpoint_id; });
  rows(call, kRouteTables).put(route_table_id, table);
}

// --- interfaces

void add_endpoint_interface(Call& call, VpcEndpointRecord& endpoint, const std::string& subnet_id) {
  const auto subnet = require(call, kSubnets, subnet_id);
  if (subnet->vpc_id != endpoint.vpc_id)
    throw_error("InvalidParameter", fmt::format("Subnet {} and VPC {} belong to different networks.",
                                                subnet_id, endpoint.vpc_id));
  const InterfaceRecord interface =
      create_interface(call, {.subnet_id = subnet_id,
                              .group_ids = endpoint.group_ids,
                              .private_ip = {},
                              .description = "VPC Endpoint Interface " + endpoint.vpc_endpoint_id,
                              .type = "vpc_endpoint",
                              .attachment = "edge",
                              .workload_id = {},
                              .instance_id = {},
                              .requester = "amazon-vpce"});
  endpoint.interfaces.push_back({subnet_id, interface.interface_id});
}

void remove_endpoint_interface(Call& call, VpcEndpointRecord& endpoint, const std::string& subnet_id) {
  std::erase_if(endpoint.interfaces, [&](const EndpointInterface& interface) {
    if (interface.subnet_id != subnet_id) return false;
    delete_interface(call, interface.interface_id);
    return true;
  });
}

// --- showing

VpcEndpoint render(const Call& call, const VpcEndpointRecord& endpoint) {
  VpcEndpoint out;
  out.VpcEndpointId = endpoint.vpc_endpoint_id;
  out.VpcEndpointType = endpoint.type;
  out.VpcId = endpoint.vpc_id;
  out.ServiceName = endpoint.service_name;
  out.ServiceRegion = call.region;
  out.State = "available";
  out.PolicyDocument = endpoint.policy;
  out.RouteTableIds = endpoint.route_table_ids;
  for (const EndpointInterface& interface : endpoint.interfaces) {
    out.SubnetIds.push_back(interface.subnet_id);
    out.NetworkInterfaceIds.push_back(interface.interface_id);
  }
  for (const GroupIdentifier& group : render_groups(call, endpoint.group_ids))
    out.Groups.push_back({.GroupId = group.GroupId, .GroupName = group.GroupName});
  out.IpAddressType = "ipv4";
  out.DnsOptions.emplace().DnsRecordIpType = endpoint.type == "Gateway" ? "service-defined" : "ipv4";
  out.PrivateDnsEnabled = endpoint.private_dns_enabled;
  out.RequesterManaged = false;
  out.CreationTimestamp = endpoint.created_at;
  out.Tags = rendered_tags(call, endpoint.vpc_endpoint_id);
  out.OwnerId = call.account;
  return out;
}

FilterFields<VpcEndpointRecord> vpc_endpoint_fields(const Call& call) {
  using T = VpcEndpointRecord;
  return {
      {"service-name", [](const T& e, Values& out) { out.push_back(e.service_name); }},
      {"service-region", [&call](const T&, Values& out) { out.push_back(call.region); }},
      {"ip-address-type", [](const T&, Values& out) { out.push_back("ipv4"); }},
      {"vpc-id", [](const T& e, Values& out) { out.push_back(e.vpc_id); }},
      {"vpc-endpoint-id", [](const T& e, Values& out) { out.push_back(e.vpc_endpoint_id); }},
      {"vpc-endpoint-state", [](const T&, Values& out) { out.push_back("available"); }},
      {"vpc-endpoint-type", [](const T& e, Values& out) { out.push_back(e.type); }},
  };
}

}  // namespace landfall::ec2
