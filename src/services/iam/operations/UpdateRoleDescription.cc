#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

UpdateRoleDescriptionResponse UpdateRoleDescription(Call& call, const UpdateRoleDescriptionRequest& in) {
  RoleRecord role = find_role(call, in.RoleName.value());
  role.description = in.Description.value();
  put_role(call, role);
  return {.Role = answer(role, Detail::full)};
}

}  // namespace landfall::iam
