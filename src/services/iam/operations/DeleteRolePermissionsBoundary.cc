#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteRolePermissionsBoundary(Call& call, const DeleteRolePermissionsBoundaryRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  if (role.entity.boundary.empty())
    throw NoSuchEntityException("The role with name " + role.entity.name + " has no permissions boundary.");
  role.entity.boundary.clear();
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
