#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
void check_no_public_addresses(const Call& call, const std::string& vpc_id) {
  rows(call, kInterfaces).each([&](std::string_view, const InterfaceRecord& interface) {
    if (interface.vpc_id == vpc_id && !public_name_of(call, interface).address.empty())
      throw_error("DependencyViolation",
                  fmt::format("Network {} has some mapped public address(es). Please unmap those public "
                              "address(es) before detaching the gateway.",
                              vpc_id));
  });
}
}  // namespace

aws::Empty DetachInternetGateway(Call& call, const DetachInternetGatewayRequest& in) {
  InternetGatewayRecord gateway = *require(call, kInternetGateways, in.InternetGatewayId.value_or(""));
  require(call, kVpcs, in.VpcId.value_or(""));
  if (gateway.vpc_id != *in.VpcId)
    throw_error("Gateway.NotAttached", fmt::format("resource {} is not attached to network {}",
                                                   gateway.internet_gateway_id, *in.VpcId));
  check_no_public_addresses(call, gateway.vpc_id);
  gateway.vpc_id.clear();
  rows(call, kInternetGateways).put(gateway.internet_gateway_id, gateway);
  sync_network(call, *in.VpcId);
  return {};
}

}  // namespace landfall::ec2
