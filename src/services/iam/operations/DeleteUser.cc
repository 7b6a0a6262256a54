#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteUser(Call& call, const DeleteUserRequest& in) {
  const UserRecord user = find_user(call, in.UserName.value());
  if (!user.entity.attached.empty())
    throw DeleteConflictException("Cannot delete entity, must detach all policies first.");
  if (!user.entity.inline_policies.empty())
    throw DeleteConflictException("Cannot delete entity, must delete policies first.");
  if (!user.groups.empty())
    throw DeleteConflictException("Cannot delete entity, must remove users from group first.");
  if (!access_keys_of(call, user.entity.name).empty())
    throw DeleteConflictException("Cannot delete entity, must delete access keys first.");
  erase_user(call, user.entity.name);
  return {};
}

}  // namespace landfall::iam
