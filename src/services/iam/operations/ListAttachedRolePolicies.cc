#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAttachedRolePoliciesResponse ListAttachedRolePolicies(Call& call,
                                                          const ListAttachedRolePoliciesRequest& in) {
  ListAttachedRolePoliciesResponse out;
  std::vector<AttachedPolicy> all;
  const RoleRecord role = find_role(call, in.RoleName.value());
  for (const std::string& arn : role.entity.attached)
    if (policy_path_of(arn).starts_with(in.PathPrefix.value_or("/")))
      all.push_back({.PolicyName = policy_name_of(arn), .PolicyArn = arn});
  out.AttachedPolicies =
      paginate(in, out, std::move(all), [](const AttachedPolicy& policy) { return *policy.PolicyArn; });
  return out;
}

}  // namespace landfall::iam
