#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeletePolicy(Call& call, const DeletePolicyRequest& in) {
  if (find_managed_policy(in.PolicyArn.value()) != nullptr)
    throw ServiceError("AccessDenied", 403,
                       "Policy " + *in.PolicyArn + " is managed by AWS and cannot be changed.");
  const PolicyRecord policy = find_policy(call, *in.PolicyArn);
  const PolicyUse use = use_of(call, policy.arn);
  if (use.attachments + use.boundaries > 0)
    throw DeleteConflictException("Cannot delete a policy attached to entities.");
  if (policy.versions.size() > 1)
    throw DeleteConflictException(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's "
        "versions. "
        "The default version is deleted with the policy.");
  erase_policy(call, policy);
  return {};
}

}  // namespace landfall::iam
