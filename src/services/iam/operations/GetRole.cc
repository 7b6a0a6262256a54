#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetRoleResponse GetRole(Call& call, const GetRoleRequest& in) {
  return {.Role = answer(find_role(call, in.RoleName.value()), Detail::full)};
}

}  // namespace landfall::iam
