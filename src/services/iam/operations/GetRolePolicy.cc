#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetRolePolicyResponse GetRolePolicy(Call& call, const GetRolePolicyRequest& in) {
  const RoleRecord role = find_role(call, in.RoleName.value());
  const auto policy = role.entity.inline_policies.find(in.PolicyName.value());
  if (policy == role.entity.inline_policies.end())
    throw NoSuchEntityException("The role policy with name " + *in.PolicyName + " cannot be found.");
  return {.RoleName = role.entity.name,
          .PolicyName = policy->first,
          .PolicyDocument = encoded_document(policy->second)};
}

}  // namespace landfall::iam
