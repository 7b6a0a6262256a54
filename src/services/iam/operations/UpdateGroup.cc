#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UpdateGroup(Call& call, const UpdateGroupRequest& in) {
  GroupRecord group = find_group(call, in.GroupName.value());
  const std::string before = group.entity.name;
  const std::string name = in.NewGroupName.value_or(before);
  if (name != before && call.global_rows(kGroups).has(name))
    throw EntityAlreadyExistsException("Group with name " + name + " already exists.");
  group.entity.name = name;
  group.entity.path = in.NewPath.value_or(group.entity.path);
  group.entity.arn = entity_arn(call, "group", group.entity.path, name);
  const auto members = members_of(call, before);
  if (name != before) erase_group(call, before);
  put_group(call, std::move(group));
  for (UserRecord user : members) {
    std::ranges::replace(user.groups, before, name);
    put_user(call, std::move(user));
  }
  return {};
}

}  // namespace landfall::iam
