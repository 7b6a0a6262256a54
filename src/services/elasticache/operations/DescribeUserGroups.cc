// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeUserGroups.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

DescribeUserGroupsResult DescribeUserGroups(Call& call, const DescribeUserGroupsMessage& in) {
  DescribeUserGroupsResult out;
  if (in.UserGroupId) {
    out.UserGroups.push_back(shown_user_group(call, find_user_group(call, *in.UserGroupId)));
    return out;
  }
  for (const auto& [id, record] : call.rows(kUserGroups).all()) {
    if (in.Marker && id <= *in.Marker) continue;
    if (out.UserGroups.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.UserGroups.back().UserGroupId;
      break;
    }
    out.UserGroups.push_back(shown_user_group(call, *record));
  }
  return out;
}

}  // namespace landfall::elasticache
