#include "ec2/operations.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty DetachInternetGateway(Call& call, const DetachInternetGatewayRequest& in) {
  InternetGatewayRecord gateway = *require(call, kInternetGateways, in.InternetGatewayId.value_or(""));
  require(call, kVpcs, in.VpcId.value_or(""));
  if (gateway.vpc_id != *in.VpcId)
    throw_error("Gateway.NotAttached", fmt::format("resource {} is not attached to network {}",
                                                   gateway.internet_gateway_id, *in.VpcId));
  gateway.vpc_id.clear();
  rows(call, kInternetGateways).put(gateway.internet_gateway_id, gateway);
  return {};
}

}  // namespace landfall::ec2
