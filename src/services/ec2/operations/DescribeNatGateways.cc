#include "ec2/operations.h"
#include "services/ec2/nat_gateways.h"

namespace landfall::ec2 {

DescribeNatGatewaysResult DescribeNatGateways(Call& call, const DescribeNatGatewaysRequest& in) {
  const auto page = describe(call, kNatGateways, {in.NatGatewayIds, in.Filter, {in.MaxResults, in.NextToken}},
                             nat_gateway_fields());
  DescribeNatGatewaysResult out;
  for (const auto& [id, gateway] : page.rows) out.NatGateways.push_back(render(call, *gateway));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
