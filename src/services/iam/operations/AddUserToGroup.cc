#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty AddUserToGroup(Call& call, const AddUserToGroupRequest& in) {
  const std::string group = find_group(call, in.GroupName.value()).entity.name;
  UserRecord user = find_user(call, in.UserName.value());
  if (std::ranges::find(user.groups, group) != user.groups.end()) return {};  // already so
  if (user.groups.size() >= kGroupsPerUser)
    throw LimitExceededException("Cannot exceed quota for GroupsPerUser: " + std::to_string(kGroupsPerUser));
  user.groups.push_back(group);
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
