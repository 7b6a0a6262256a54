#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty PutRolePermissionsBoundary(Call& call, const PutRolePermissionsBoundaryRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  check_policy_arn(call, in.PermissionsBoundary.value());
  role.entity.boundary = *in.PermissionsBoundary;
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
