#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteRole(Call& call, const DeleteRoleRequest& in) {
  const RoleRecord role = find_role_to_change(call, in.RoleName.value());
  if (!role.entity.attached.empty())
    throw DeleteConflictException("Cannot delete entity, must detach all policies first.");
  if (!role.entity.inline_policies.empty())
    throw DeleteConflictException("Cannot delete entity, must delete policies first.");
  bool in_profile = false;
  call.global_rows(kInstanceProfiles).each([&](std::string_view, const InstanceProfileRecord& profile) {
    in_profile = in_profile || profile.role == role.entity.name;
  });
  if (in_profile)
    throw DeleteConflictException("Cannot delete entity, must remove roles from instance profile first.");
  erase_role(call, role.entity.name);
  return {};
}

}  // namespace landfall::iam
