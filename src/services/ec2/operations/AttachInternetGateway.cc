#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty AttachInternetGateway(Call& call, const AttachInternetGatewayRequest& in) {
  InternetGatewayRecord gateway = *require(call, kInternetGateways, in.InternetGatewayId.value_or(""));
  const auto vpc = require(call, kVpcs, in.VpcId.value_or(""));
  if (!gateway.vpc_id.empty())
    throw_error("Resource.AlreadyAssociated", fmt::format("resource {} is already attached to network {}",
                                                          gateway.internet_gateway_id, gateway.vpc_id));
  rows(call, kInternetGateways).each([&](std::string_view, const InternetGatewayRecord& other) {
    if (other.vpc_id == vpc->vpc_id)
      throw_error("InvalidParameterValue",
                  fmt::format("Network {} already has an internet gateway attached", vpc->vpc_id));
  });
  gateway.vpc_id = vpc->vpc_id;
  rows(call, kInternetGateways).put(gateway.internet_gateway_id, gateway);
  sync_network(call, gateway.vpc_id);
  return {};
}

}  // namespace landfall::ec2
