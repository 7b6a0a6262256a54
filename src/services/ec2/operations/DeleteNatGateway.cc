#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/client_tokens.h"
#include "services/ec2/nat_gateways.h"
#include "services/ec2/network.h"

namespace landfall::ec2 {

// It is gone at once: nothing of it has to end first.
DeleteNatGatewayResult DeleteNatGateway(Call& call, const DeleteNatGatewayRequest& in) {
  const auto gateway = require(call, kNatGateways, in.NatGatewayId.value_or(""));
  const std::string id = gateway->nat_gateway_id;
  delete_interface(call, gateway->interface_id);  // its Elastic IP is free then
  forget_tags(call, id);
  forget_token(call, gateway->client_token);
  rows(call, kNatGateways).erase(id);
  sync_network(call, gateway->vpc_id);
  DeleteNatGatewayResult out;
  out.NatGatewayId = id;
  return out;
}

}  // namespace landfall::ec2
