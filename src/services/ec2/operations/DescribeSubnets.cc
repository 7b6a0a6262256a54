#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeSubnetsResult DescribeSubnets(Call& call, const DescribeSubnetsRequest& in) {
  ensure_default_vpc(call);
  const auto page = describe(call, kSubnets, query_of(in, in.SubnetIds), subnet_fields(call));
  DescribeSubnetsResult out;
  for (const auto& [id, record] : page.rows) out.Subnets.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
