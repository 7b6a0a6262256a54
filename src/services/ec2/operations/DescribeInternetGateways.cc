#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeInternetGatewaysResult DescribeInternetGateways(Call& call,
                                                        const DescribeInternetGatewaysRequest& in) {
  ensure_default_vpc(call);
  const auto page =
      describe(call, kInternetGateways, query_of(in, in.InternetGatewayIds), internet_gateway_fields(call));
  DescribeInternetGatewaysResult out;
  for (const auto& [id, record] : page.rows) out.InternetGateways.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
