#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetGroupPolicyResponse GetGroupPolicy(Call& call, const GetGroupPolicyRequest& in) {
  const GroupRecord group = find_group(call, in.GroupName.value());
  const auto policy = group.entity.inline_policies.find(in.PolicyName.value());
  if (policy == group.entity.inline_policies.end())
    throw NoSuchEntityException("The group policy with name " + *in.PolicyName + " cannot be found.");
  return {.GroupName = group.entity.name,
          .PolicyName = policy->first,
          .PolicyDocument = encoded_document(policy->second)};
}

}  // namespace landfall::iam
