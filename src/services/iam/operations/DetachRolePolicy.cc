#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DetachRolePolicy(Call& call, const DetachRolePolicyRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  if (std::erase(role.entity.attached, in.PolicyArn.value()) == 0)
    throw NoSuchEntityException("Policy " + *in.PolicyArn + " was not found.");
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
