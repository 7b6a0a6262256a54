#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty RemoveUserFromGroup(Call& call, const RemoveUserFromGroupRequest& in) {
  const std::string group = find_group(call, in.GroupName.value()).entity.name;
  UserRecord user = find_user(call, in.UserName.value());
  if (std::erase(user.groups, group) == 0)
    throw NoSuchEntityException("User " + user.entity.name + " is not in group " + group + ".");
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
