#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/client_tokens.h"
#include "services/ec2/nat_gateways.h"
#include "services/ec2/network.h"

namespace landfall::ec2 {

namespace {
bool has_internet_gateway(const Call& call, const std::string& vpc_id) {
  for (const auto& [id, gateway] : rows(call, kInternetGateways).all())
    if (gateway->vpc_id == vpc_id) return true;
  return false;
}

void check_connectivity(const Call& call, const CreateNatGatewayRequest& in, const SubnetRecord& subnet) {
  if (in.ConnectivityType.value_or("public") == "private") {
    if (in.AllocationId)
      throw_error("InvalidParameterCombination",
                  "AllocationId cannot be specified for a private NAT gateway");
    return;
  }
  if (!in.AllocationId) throw_missing("AllocationId");
  if (!has_internet_gateway(call, subnet.vpc_id))
    throw_error("Gateway.NotAttached",
                fmt::format("Network {} has no Internet gateway attached", subnet.vpc_id));
}

void take_address(Call& call, const std::string& allocation_id, NatGatewayRecord& gateway) {
  const AddressRecord address =
      associate_address(call, *require(call, kAddresses, allocation_id),
                        *require(call, kInterfaces, gateway.interface_id), Reassociate::no);
  gateway.allocation_id = address.allocation_id;
  gateway.association_id = address.association_id;
  gateway.public_ip = address.public_ip;
}
}  // namespace

CreateNatGatewayResult CreateNatGateway(Call& call, const CreateNatGatewayRequest& in) {
  CreateNatGatewayResult out;
  out.ClientToken = in.ClientToken;
  if (const auto before = made_before(call, kNatGateways, in)) {
    out.NatGateway = render(call, *before);
    return out;
  }
  if (!in.SubnetId) throw_missing("SubnetId");
  if (in.AvailabilityMode.value_or("zonal") != "zonal" || !in.AvailabilityZoneAddresses.empty() ||
      !in.SecondaryAllocationIds.empty() || !in.SecondaryPrivateIpAddresses.empty() ||
      in.SecondaryPrivateIpAddressCount.value_or(0) > 0)
    throw_error(
        "UnsupportedOperation",
        "A NAT gateway is zonal and has one address in this version of Landfall: AvailabilityMode, "
        "SecondaryAllocationIds, SecondaryPrivateIpAddresses and SecondaryPrivateIpAddressCount are not "
        "supported");
  const auto subnet = require(call, kSubnets, *in.SubnetId);
  check_connectivity(call, in, *subnet);
  const TagMap tags = tags_for(in.TagSpecifications, kNatGateways.type);
  NatGatewayRecord gateway;
  gateway.nat_gateway_id = new_id(call, kNatGateways.prefix);
  gateway.vpc_id = subnet->vpc_id;
  gateway.subnet_id = subnet->subnet_id;
  gateway.connectivity = in.ConnectivityType.value_or("public");
  gateway.client_token = in.ClientToken.value_or("");
  gateway.created_at = call.now;
  const InterfaceRecord interface =
      create_interface(call, {.subnet_id = subnet->subnet_id,
                              .group_ids = {},
                              .private_ip = in.PrivateIpAddress.value_or(""),
                              .description = "Interface for NAT Gateway " + gateway.nat_gateway_id,
                              .type = "nat_gateway",
                              .attachment = "edge",
                              .workload_id = {},
                              .instance_id = {},
                              .requester = "amazon-nat"});
  gateway.interface_id = interface.interface_id;
  gateway.private_ip = interface.private_ip;
  if (in.AllocationId) take_address(call, *in.AllocationId, gateway);
  rows(call, kNatGateways).put(gateway.nat_gateway_id, gateway);
  sync_network(call, gateway.vpc_id);
  put_tags(call, gateway.nat_gateway_id, kNatGateways.type, tags);
  remember_made(call, in, gateway.nat_gateway_id);
  out.NatGateway = render(call, gateway);
  return out;
}

}  // namespace landfall::ec2
