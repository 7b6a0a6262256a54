#include "ec2/operations.h"
#include "services/ec2/client_tokens.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

namespace {
// The service, which must be able to be reached in that way.
void check_service(const Call& call, const std::string& name, const std::string& type) {
  for (const EndpointService& service : endpoint_services_of(call.region)) {
    if (service.name != name) continue;
    if (std::ranges::find(service.types, type) != service.types.end()) return;
    throw_error("InvalidParameter",
                fmt::format("The endpoint type ({}) is not supported by the service {}.", type, name));
  }
  throw_error("InvalidServiceName", fmt::format("The Vpc Endpoint Service '{}' does not exist", name));
}

void check_type(const CreateVpcEndpointRequest& in, const std::string& type) {
  if (type != "Gateway" && type != "Interface")
    throw_error("UnsupportedOperation",
                "VPC endpoints are of type Gateway or Interface in this version of Landfall");
  if (type == "Gateway" && (!in.SubnetIds.empty() || !in.SecurityGroupIds.empty()))
    throw_error("InvalidParameter", "Subnets and security groups are of interface endpoints only.");
  if (type == "Gateway" && in.PrivateDnsEnabled.value_or(false))
    throw_error("InvalidParameter",
                "Private DNS can't be enabled because the endpoint type Gateway does not support it.");
  if (type == "Interface" && !in.RouteTableIds.empty())
    throw_error("InvalidParameter", "Route tables are of gateway endpoints only.");
}

// A subnet that is configured must be one of the endpoint's.
void check_configurations(const CreateVpcEndpointRequest& in, const std::string& type) {
  if (type == "Gateway" && !in.SubnetConfigurations.empty())
    throw_error("InvalidParameter", "Subnets and security groups are of interface endpoints only.");
  for (const SubnetConfiguration& one : in.SubnetConfigurations)
    if (std::ranges::find(in.SubnetIds, one.SubnetId.value_or("")) == in.SubnetIds.end())
      throw_error("InvalidParameter", fmt::format("Subnet {} of SubnetConfigurations is not among SubnetIds.",
                                                  one.SubnetId.value_or("")));
}

// Groups of the VPC; without any, its default one.
std::vector<std::string> chosen_groups(const Call& call, const CreateVpcEndpointRequest& in,
                                       const VpcRecord& vpc) {
  check_groups(call, in.SecurityGroupIds, vpc.vpc_id, in.SubnetIds.empty() ? "" : in.SubnetIds.front());
  return in.SecurityGroupIds.empty() ? std::vector{vpc.default_group_id} : in.SecurityGroupIds;
}
}  // namespace

CreateVpcEndpointResult CreateVpcEndpoint(Call& call, const CreateVpcEndpointRequest& in) {
  refuse(in, kVpcEndpointRefusals);
  refuse(in, kCreateVpcEndpointRefusals);
  CreateVpcEndpointResult out;
  out.ClientToken = in.ClientToken;
  if (const auto before = made_before(call, kVpcEndpoints, in)) {
    out.VpcEndpoint = render(call, *before);
    return out;
  }
  const auto vpc = require(call, kVpcs, in.VpcId.value_or(""));
  if (!in.ServiceName) throw_missing("ServiceName");
  if (in.ServiceRegion.value_or(call.region) != call.region)
    throw_error(
        "UnsupportedOperation",
        fmt::format("The parameter ServiceRegion ({}) is not supported: an endpoint's service is in its "
                    "own region.",
                    *in.ServiceRegion));
  VpcEndpointRecord endpoint;
  endpoint.type = in.VpcEndpointType.value_or("Gateway");
  check_type(in, endpoint.type);
  check_configurations(in, endpoint.type);
  check_service(call, *in.ServiceName, endpoint.type);
  const TagMap tags = tags_for(in.TagSpecifications, kVpcEndpoints.type);
  endpoint.vpc_endpoint_id = new_id(call, kVpcEndpoints.prefix);
  endpoint.vpc_id = vpc->vpc_id;
  endpoint.service_name = *in.ServiceName;
  endpoint.policy = in.PolicyDocument ? checked_policy(*in.PolicyDocument) : default_endpoint_policy();
  endpoint.private_dns_enabled = in.PrivateDnsEnabled.value_or(endpoint.type == "Interface");
  if (in.DnsOptions && in.DnsOptions->DnsRecordIpType)
    endpoint.dns_record_ip_type = checked_record_type(*in.DnsOptions->DnsRecordIpType);
  endpoint.client_token = in.ClientToken.value_or("");
  endpoint.created_at = call.now;
  endpoint.route_table_ids = in.RouteTableIds;
  for (const std::string& id : endpoint.route_table_ids) add_endpoint_route(call, endpoint, id);
  if (endpoint.type == "Interface") endpoint.group_ids = chosen_groups(call, in, *vpc);
  for (const std::string& id : in.SubnetIds)
    add_endpoint_interface(call, endpoint, id, wanted_address(in.SubnetConfigurations, id));
  rows(call, kVpcEndpoints).put(endpoint.vpc_endpoint_id, endpoint);
  sync_network(call, endpoint.vpc_id);
  put_tags(call, endpoint.vpc_endpoint_id, kVpcEndpoints.type, tags);
  remember_made(call, in, endpoint.vpc_endpoint_id);
  out.VpcEndpoint = render(call, endpoint);
  return out;
}

}  // namespace landfall::ec2
