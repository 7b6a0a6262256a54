#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeNetworkAclsResult DescribeNetworkAcls(Call& call, const DescribeNetworkAclsRequest& in) {
  ensure_default_vpc(call);
  const auto page = describe(call, kNetworkAcls, query_of(in, in.NetworkAclIds), network_acl_fields(call));
  DescribeNetworkAclsResult out;
  for (const auto& [id, record] : page.rows) out.NetworkAcls.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
