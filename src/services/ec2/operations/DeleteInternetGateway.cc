#include "ec2/operations.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty DeleteInternetGateway(Call& call, const DeleteInternetGatewayRequest& in) {
  const auto gateway = require(call, kInternetGateways, in.InternetGatewayId.value_or(""));
  if (!gateway->vpc_id.empty())
    throw_error("DependencyViolation",
                fmt::format("The internetGateway '{}' has dependencies and cannot be deleted.",
                            gateway->internet_gateway_id));
  forget_tags(call, *in.InternetGatewayId);
  rows(call, kInternetGateways).erase(*in.InternetGatewayId);
  return {};
}

}  // namespace landfall::ec2
