#include "ec2/operations.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

DescribeVpcEndpointsResult DescribeVpcEndpoints(Call& call, const DescribeVpcEndpointsRequest& in) {
  const auto page = describe(call, kVpcEndpoints, query_of(in, in.VpcEndpointIds), vpc_endpoint_fields(call));
  DescribeVpcEndpointsResult out;
  for (const auto& [id, endpoint] : page.rows) out.VpcEndpoints.push_back(render(call, *endpoint));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
