#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty AttachRolePolicy(Call& call, const AttachRolePolicyRequest& in) {
  RoleRecord role = find_role_to_change(call, in.RoleName.value());
  const std::string& arn = in.PolicyArn.value();
  check_policy_arn(call, arn);
  auto& attached = role.entity.attached;
  if (std::ranges::find(attached, arn) != attached.end()) return {};  // already so
  if (attached.size() >= kAttachedPoliciesPerEntity)
    throw LimitExceededException("Cannot exceed quota for PoliciesPerRole: " +
                                 std::to_string(kAttachedPoliciesPerEntity));
  attached.push_back(arn);
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
