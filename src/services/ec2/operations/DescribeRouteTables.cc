#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeRouteTablesResult DescribeRouteTables(Call& call, const DescribeRouteTablesRequest& in) {
  ensure_default_vpc(call);
  const auto page = describe(call, kRouteTables, query_of(in, in.RouteTableIds), route_table_fields(call));
  DescribeRouteTablesResult out;
  for (const auto& [id, record] : page.rows) out.RouteTables.push_back(render(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
