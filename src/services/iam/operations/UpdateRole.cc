#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

UpdateRoleResponse UpdateRole(Call& call, const UpdateRoleRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  if (in.Description) role.description = *in.Description;
  if (in.MaxSessionDuration) role.max_session_seconds = *in.MaxSessionDuration;
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
