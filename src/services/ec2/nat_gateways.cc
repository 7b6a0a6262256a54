#include "services/ec2/nat_gateways.h"

namespace landfall::ec2 {

NatGateway render(const Call& call, const NatGatewayRecord& gateway) {
  NatGateway out;
  out.NatGatewayId = gateway.nat_gateway_id;
  out.VpcId = gateway.vpc_id;
  out.SubnetId = gateway.subnet_id;
  out.ConnectivityType = gateway.connectivity;
  out.State = "available";
  out.CreateTime = gateway.created_at;
  out.Tags = rendered_tags(call, gateway.nat_gateway_id);
  NatGatewayAddress& address = out.NatGatewayAddresses.emplace_back();
  address.NetworkInterfaceId = gateway.interface_id;
  address.PrivateIp = gateway.private_ip;
  address.IsPrimary = true;
  address.Status = "succeeded";
  if (!gateway.allocation_id.empty()) {
    address.AllocationId = gateway.allocation_id;
    address.AssociationId = gateway.association_id;
    address.PublicIp = gateway.public_ip;
  }
  return out;
}

FilterFields<NatGatewayRecord> nat_gateway_fields() {
  using T = NatGatewayRecord;
  return {
      {"nat-gateway-id", [](const T& g, Values& out) { out.push_back(g.nat_gateway_id); }},
      {"state", [](const T&, Values& out) { out.push_back("available"); }},
      {"subnet-id", [](const T& g, Values& out) { out.push_back(g.subnet_id); }},
      {"vpc-id", [](const T& g, Values& out) { out.push_back(g.vpc_id); }},
  };
}

}  // namespace landfall::ec2
