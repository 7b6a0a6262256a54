#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

UpdateRoleResponse UpdateRole(Call& call, const UpdateRoleRequest& in) {
  // A service-linked role may be described otherwise, and no more.
  RoleRecord role = in.MaxSessionDuration ? find_role_to_change(call, in.RoleName.value())
                                          : find_role(call, in.RoleName.value());
  if (in.Description) role.description = *in.Description;
  if (in.MaxSessionDuration) role.max_session_seconds = *in.MaxSessionDuration;
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
