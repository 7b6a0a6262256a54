#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAttachedGroupPoliciesResponse ListAttachedGroupPolicies(Call& call,
                                                            const ListAttachedGroupPoliciesRequest& in) {
  ListAttachedGroupPoliciesResponse out;
  std::vector<AttachedPolicy> all;
  const GroupRecord group = find_group(call, in.GroupName.value());
  for (const std::string& arn : group.entity.attached)
    if (policy_path_of(arn).starts_with(in.PathPrefix.value_or("/")))
      all.push_back({.PolicyName = policy_name_of(arn), .PolicyArn = arn});
  out.AttachedPolicies =
      paginate(in, out, std::move(all), [](const AttachedPolicy& policy) { return *policy.PolicyArn; });
  return out;
}

}  // namespace landfall::iam
