#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/network.h"
#include "services/ec2/permissions.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeSecurityGroupsResult DescribeSecurityGroups(Call& call, const DescribeSecurityGroupsRequest& in) {
  ensure_default_vpc(call);
  std::vector<std::string> ids = in.GroupIds;
  for (const std::string& name : in.GroupNames)
    ids.push_back(require_group(call, std::nullopt, name)->group_id);
  const auto page = describe(call, kSecurityGroups, query_of(in, ids), security_group_fields(call));
  DescribeSecurityGroupsResult out;
  for (const auto& [id, group] : page.rows) out.SecurityGroups.push_back(render(call, *group));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
