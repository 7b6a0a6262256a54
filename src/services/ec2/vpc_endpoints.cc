#include "services/ec2/vpc_endpoints.h"

#include <boost/json.hpp>

#include "aws/policy/policy.h"
#include "services/ec2/ec2.h"
#include "services/ec2/internet_routes.h"
#include "services/ec2/network.h"
#include "services/ec2/prefix_lists.h"
#include "services/ec2/refused.h"
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
  if (const auto parsed = aws::policy::parse_policy(document, aws::policy::DocumentKind::resource); !parsed)
    throw_error("InvalidPolicyDocument", "The policy document is invalid: " + parsed.error().message);
  return document;
}

std::string checked_record_type(const std::string& record_type) {
  if (record_type == "ipv4" || record_type == "service-defined") return record_type;
  if (record_type == "ipv6" || record_type == "dualstack")
    throw_error("UnsupportedOperation",
                fmt::format("The parameter DnsOptions.DnsRecordIpType ({}) is not supported: {}.",
                            record_type, kNoIpv6));
  throw_error("InvalidParameter", fmt::format("The DNS record IP type {} is invalid.", record_type));
}

// --- routes

static std::string prefix_list_id(const Call& call, const VpcEndpointRecord& endpoint) {
  const auto list = find_prefix_list(call.region, call.plane.config.public_cidr, endpoint.service_name);
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
  put_route_table(call, table);
}

void remove_endpoint_route(Call& call, const VpcEndpointRecord& endpoint, const std::string& route_table_id) {
  const auto now = rows(call, kRouteTables).get(route_table_id);
  if (!now) return;
  RouteTableRecord table = *now;
  std::erase_if(table.routes, [&](const RouteRecord& r) { return r.gateway_id == endpoint.vpc_endpoint_id; });
  put_route_table(call, table);
}

// --- interfaces

std::string wanted_address(const std::vector<SubnetConfiguration>& configurations,
                           const std::string& subnet_id) {
  for (const SubnetConfiguration& one : configurations)
    if (one.SubnetId == subnet_id) return one.Ipv4.value_or("");
  return "";
}

void add_endpoint_interface(Call& call, VpcEndpointRecord& endpoint, const std::string& subnet_id,
                            const std::string& private_ip) {
  const auto subnet = require(call, kSubnets, subnet_id);
  if (subnet->vpc_id != endpoint.vpc_id)
    throw_error("InvalidParameter", fmt::format("Subnet {} and VPC {} belong to different networks.",
                                                subnet_id, endpoint.vpc_id));
  const InterfaceRecord interface =
      create_interface(call, {.subnet_id = subnet_id,
                              .group_ids = endpoint.group_ids,
                              .private_ip = private_ip,
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

// --- what edge knows

static std::vector<std::string> subnets_routed_to(const Call& call, const VpcEndpointRecord& endpoint) {
  std::vector<std::string> out;
  for (const SubnetRecord& subnet : subnets_of(call, endpoint.vpc_id)) {
    const auto table = route_table_of(call, subnet);
    if (table && s3_endpoint_of(*table) == endpoint.vpc_endpoint_id) out.push_back(subnet.cidr);
  }
  return out;
}

static std::vector<std::string> private_names(const Call& call, const VpcEndpointRecord& endpoint) {
  if (!endpoint.private_dns_enabled || endpoint.interfaces.empty()) return {};
  for (const EndpointService& service : endpoint_services_of(call.region)) {
    if (service.name != endpoint.service_name) continue;
    std::vector<std::string> names{service.private_dns_name};
    if (service.name.ends_with(".s3")) names.push_back("*." + service.private_dns_name);  // its buckets
    return names;
  }
  return {};
}

std::vector<VpcEndpointSnapshot> endpoint_snapshots(const Call& call, std::string_view vpc_id) {
  std::vector<VpcEndpointSnapshot> out;
  rows(call, kVpcEndpoints).each([&](std::string_view, const VpcEndpointRecord& endpoint) {
    if (endpoint.vpc_id != vpc_id) return;
    VpcEndpointSnapshot& snapshot = out.emplace_back();
    snapshot.vpc_endpoint_id = endpoint.vpc_endpoint_id;
    snapshot.service_name = endpoint.service_name;
    if (endpoint.policy != default_endpoint_policy()) snapshot.policy = endpoint.policy;
    if (endpoint.type == "Gateway") snapshot.subnet_cidrs = subnets_routed_to(call, endpoint);
    for (const EndpointInterface& own : endpoint.interfaces)
      snapshot.addresses.push_back(require(call, kInterfaces, own.interface_id)->private_ip);
    snapshot.names = private_names(call, endpoint);
  });
  return out;
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
  const char* own_record_type = endpoint.type == "Gateway" ? "service-defined" : "ipv4";
  out.DnsOptions.emplace().DnsRecordIpType =
      endpoint.dns_record_ip_type.empty() ? own_record_type : endpoint.dns_record_ip_type;
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
