// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyUserGroup.html
#include <algorithm>

#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

UserGroup ModifyUserGroup(Call& call, const ModifyUserGroupMessage& in) {
  UserGroupRecord record = find_user_group(call, *in.UserGroupId);
  auto& ids = record.shown.UserIds;
  for (const std::string& id : in.UserIdsToRemove)
    if (std::erase(ids, ascii_lower(id)) == 0)
      throw ServiceError("InvalidParameterValue", 400, "User " + id + " is not in the user group.");
  for (const std::string& id : in.UserIdsToAdd) {
    if (std::ranges::find(ids, ascii_lower(id)) != ids.end())
      throw ServiceError("InvalidParameterValue", 400, "User " + id + " is already in the user group.");
    ids.push_back(ascii_lower(id));
  }
  check_members(call, ids);
  call.rows(kUserGroups).put(*record.shown.UserGroupId, record);
  apply_user_group(call, *record.shown.UserGroupId);
  return shown_user_group(call, record);
}

}  // namespace landfall::elasticache
