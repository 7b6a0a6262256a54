#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreateGroupResponse CreateGroup(Call& call, const CreateGroupRequest& in) {
  const std::string& name = in.GroupName.value();
  if (call.global_rows(kGroups).has(name))
    throw EntityAlreadyExistsException("Group with name " + name + " already exists.");
  if (call.global_rows(kGroups).all().size() >= kGroupsPerAccount)
    throw LimitExceededException("Cannot exceed quota for GroupsPerAccount: " +
                                 std::to_string(kGroupsPerAccount));
  GroupRecord group;
  group.entity = {
      .name = name, .path = in.Path.value_or("/"), .id = new_id(call, "AGPA"), .created = call.now};
  group.entity.arn = entity_arn(call, "group", group.entity.path, name);
  put_group(call, group);
  return {.Group = answer(group)};
}

}  // namespace landfall::iam
