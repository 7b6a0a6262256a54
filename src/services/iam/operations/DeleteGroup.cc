#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteGroup(Call& call, const DeleteGroupRequest& in) {
  const GroupRecord group = find_group(call, in.GroupName.value());
  if (!group.entity.attached.empty())
    throw DeleteConflictException("Cannot delete entity, must detach all policies first.");
  if (!group.entity.inline_policies.empty())
    throw DeleteConflictException("Cannot delete entity, must delete policies first.");
  if (!members_of(call, group.entity.name).empty())
    throw DeleteConflictException("Cannot delete entity, must remove users from group first.");
  erase_group(call, group.entity.name);
  return {};
}

}  // namespace landfall::iam
