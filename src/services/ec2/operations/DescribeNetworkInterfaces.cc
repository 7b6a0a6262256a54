#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeNetworkInterfacesResult DescribeNetworkInterfaces(Call& call,
                                                          const DescribeNetworkInterfacesRequest& in) {
  const auto page = describe(call, kInterfaces, query_of(in, in.NetworkInterfaceIds), interface_fields(call));
  DescribeNetworkInterfacesResult out;
  for (const auto& [id, record] : page.rows) out.NetworkInterfaces.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
