// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetIpAddressType.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

SetIpAddressTypeOutput SetIpAddressType(Call& call, const SetIpAddressTypeInput& in) {
  find_load_balancer(call, *in.LoadBalancerArn);
  if (*in.IpAddressType != "ipv4")
    throw InvalidConfigurationRequestException("Landfall has IPv4 only: IpAddressType must be ipv4");
  return {.IpAddressType = in.IpAddressType};
}

}  // namespace landfall::elbv2
