#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

namespace {
void change_routes(Call& call, VpcEndpointRecord& endpoint, const ModifyVpcEndpointRequest& in) {
  for (const std::string& id : in.RemoveRouteTableIds) {
    if (std::erase(endpoint.route_table_ids, id) == 0)
      throw_error("InvalidParameter", fmt::format("Route table {} is not associated with endpoint {}.", id,
                                                  endpoint.vpc_endpoint_id));
    remove_endpoint_route(call, endpoint, id);
  }
  for (const std::string& id : in.AddRouteTableIds) {
    add_endpoint_route(call, endpoint, id);
    endpoint.route_table_ids.push_back(id);
  }
}

// Another address is another interface: one keeps the address that it was made with.
void configure_subnet(Call& call, VpcEndpointRecord& endpoint, const SubnetConfiguration& wanted) {
  const std::string subnet_id = wanted.SubnetId.value_or("");
  const auto own = std::ranges::find(endpoint.interfaces, subnet_id, &EndpointInterface::subnet_id);
  if (own == endpoint.interfaces.end())
    throw_error("InvalidParameter", fmt::format("Subnet {} of SubnetConfigurations is not of endpoint {}.",
                                                subnet_id, endpoint.vpc_endpoint_id));
  if (!wanted.Ipv4 || *wanted.Ipv4 == require(call, kInterfaces, own->interface_id)->private_ip) return;
  remove_endpoint_interface(call, endpoint, subnet_id);
  add_endpoint_interface(call, endpoint, subnet_id, *wanted.Ipv4);
}

void change_groups(Call& call, VpcEndpointRecord& endpoint, const ModifyVpcEndpointRequest& in) {
  if (in.AddSecurityGroupIds.empty() && in.RemoveSecurityGroupIds.empty()) return;
  for (const std::string& id : in.RemoveSecurityGroupIds) std::erase(endpoint.group_ids, id);
  for (const std::string& id : in.AddSecurityGroupIds)
    if (std::ranges::find(endpoint.group_ids, id) == endpoint.group_ids.end())
      endpoint.group_ids.push_back(id);
  check_groups(call, endpoint.group_ids, endpoint.vpc_id, "");
  for (const EndpointInterface& own : endpoint.interfaces) {
    InterfaceRecord interface = *require(call, kInterfaces, own.interface_id);
    interface.group_ids = endpoint.group_ids;
    put_interface(call, std::move(interface));
  }
}
}  // namespace

ModifyVpcEndpointResult ModifyVpcEndpoint(Call& call, const ModifyVpcEndpointRequest& in) {
  refuse(in, kVpcEndpointRefusals);
  VpcEndpointRecord endpoint = *require(call, kVpcEndpoints, in.VpcEndpointId.value_or(""));
  if (in.ResetPolicy.value_or(false) && in.PolicyDocument)
    throw_error("InvalidParameterCombination", "ResetPolicy and PolicyDocument exclude each other");
  if (in.ResetPolicy.value_or(false)) endpoint.policy = default_endpoint_policy();
  if (in.PolicyDocument) endpoint.policy = checked_policy(*in.PolicyDocument);
  if (in.PrivateDnsEnabled) endpoint.private_dns_enabled = *in.PrivateDnsEnabled;
  if (in.DnsOptions && in.DnsOptions->DnsRecordIpType)
    endpoint.dns_record_ip_type = checked_record_type(*in.DnsOptions->DnsRecordIpType);
  const bool gateway = endpoint.type == "Gateway";
  if (gateway && !(in.AddSubnetIds.empty() && in.RemoveSubnetIds.empty() && in.AddSecurityGroupIds.empty()))
    throw_error("InvalidParameter", "Subnets and security groups are of interface endpoints only.");
  if (!gateway && !(in.AddRouteTableIds.empty() && in.RemoveRouteTableIds.empty()))
    throw_error("InvalidParameter", "Route tables are of gateway endpoints only.");
  change_routes(call, endpoint, in);
  change_groups(call, endpoint, in);
  for (const std::string& id : in.RemoveSubnetIds) remove_endpoint_interface(call, endpoint, id);
  for (const std::string& id : in.AddSubnetIds)
    add_endpoint_interface(call, endpoint, id, wanted_address(in.SubnetConfigurations, id));
  for (const SubnetConfiguration& one : in.SubnetConfigurations) configure_subnet(call, endpoint, one);
  rows(call, kVpcEndpoints).put(endpoint.vpc_endpoint_id, endpoint);
  sync_network(call, endpoint.vpc_id);
  ModifyVpcEndpointResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
