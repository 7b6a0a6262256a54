#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty SetDefaultPolicyVersion(Call& call, const SetDefaultPolicyVersionRequest& in) {
  if (find_managed_policy(in.PolicyArn.value()) != nullptr)
    throw ServiceError("AccessDenied", 403,
                       "Policy " + *in.PolicyArn + " is managed by AWS and cannot be changed.");
  PolicyRecord policy = find_policy(call, *in.PolicyArn);
  const auto version = std::ranges::find(policy.versions, in.VersionId.value(), &PolicyVersionRecord::id);
  if (version == policy.versions.end())
    throw NoSuchEntityException("Policy " + policy.arn + " version " + *in.VersionId +
                                " does not exist or is not attachable.");
  policy.default_version = version->id;
  policy.updated = call.now;
  put_policy(call, std::move(policy));
  return {};
}

}  // namespace landfall::iam
