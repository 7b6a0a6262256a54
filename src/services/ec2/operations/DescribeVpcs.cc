#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeVpcsResult DescribeVpcs(Call& call, const DescribeVpcsRequest& in) {
  ensure_default_vpc(call);
  const auto page = describe(call, kVpcs, query_of(in, in.VpcIds), vpc_fields(call));
  DescribeVpcsResult out;
  for (const auto& [id, record] : page.rows) out.Vpcs.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
