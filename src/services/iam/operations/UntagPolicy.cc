#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UntagPolicy(Call& call, const UntagPolicyRequest& in) {
  if (find_managed_policy(in.PolicyArn.value()) != nullptr)
    throw ServiceError("AccessDenied", 403,
                       "Policy " + *in.PolicyArn + " is managed by AWS and cannot be changed.");
  PolicyRecord policy = find_policy(call, *in.PolicyArn);
  for (const std::string& key : in.TagKeys) policy.tags.erase(key);
  put_policy(call, std::move(policy));
  return {};
}

}  // namespace landfall::iam
