#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetUserPolicyResponse GetUserPolicy(Call& call, const GetUserPolicyRequest& in) {
  const UserRecord user = find_user(call, in.UserName.value());
  const auto policy = user.entity.inline_policies.find(in.PolicyName.value());
  if (policy == user.entity.inline_policies.end())
    throw NoSuchEntityException("The user policy with name " + *in.PolicyName + " cannot be found.");
  return {.UserName = user.entity.name,
          .PolicyName = policy->first,
          .PolicyDocument = encoded_document(policy->second)};
}

}  // namespace landfall::iam
