#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteRolePolicy(Call& call, const DeleteRolePolicyRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  if (role.entity.inline_policies.erase(in.PolicyName.value()) == 0)
    throw NoSuchEntityException("The role policy with name " + *in.PolicyName + " cannot be found.");
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
