// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteUser.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

User DeleteUser(Call& call, const DeleteUserMessage& in) {
  const UserRecord record = find_user(call, *in.UserId);
  const std::string id = *record.shown.UserId;
  if (id == "default")
    throw ServiceError("InvalidParameterValue", 400, "The default user cannot be deleted.");
  User shown = shown_user(call, record);
  // AWS takes a deleted user out of its groups; one that a group needs as its default stays.
  for (const std::string& group_id : shown.UserGroupIds) {
    if (*record.shown.UserName == "default")
      throw DefaultUserAssociatedToUserGroupFault("The user is the default user of the user group " +
                                                  group_id + ".");
    UserGroupRecord group = find_user_group(call, group_id);
    std::erase(group.shown.UserIds, id);
    call.rows(kUserGroups).put(group_id, group);
    apply_user_group(call, group_id);
  }
  call.rows(kUsers).erase(id);
  shown.Status = "deleting";
  return shown;
}

}  // namespace landfall::elasticache
