// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteUserGroup.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

UserGroup DeleteUserGroup(Call& call, const DeleteUserGroupMessage& in) {
  const UserGroupRecord record = find_user_group(call, *in.UserGroupId);
  UserGroup shown = shown_user_group(call, record);
  if (!shown.ReplicationGroups.empty())
    throw InvalidUserGroupStateFault("The user group is used by the replication group " +
                                     shown.ReplicationGroups.front() + ".");
  call.rows(kUserGroups).erase(*shown.UserGroupId);
  shown.Status = "deleting";
  return shown;
}

}  // namespace landfall::elasticache
