#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreatePolicyVersionResponse CreatePolicyVersion(Call& call, const CreatePolicyVersionRequest& in) {
  if (find_managed_policy(in.PolicyArn.value()) != nullptr)
    throw ServiceError("AccessDenied", 403,
                       "Policy " + *in.PolicyArn + " is managed by AWS and cannot be changed.");
  PolicyRecord policy = find_policy(call, *in.PolicyArn);
  check_document(call, in.PolicyDocument.value(), DocumentUse::managed);
  if (policy.versions.size() >= kVersionsPerPolicy)
    throw LimitExceededException(
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
        "existing "
        "version.");
  const std::string id = "v" + std::to_string(++policy.last_version);
  policy.versions.push_back({id, *in.PolicyDocument, call.now});
  policy.updated = call.now;
  const bool is_default = in.SetAsDefault.value_or(false);
  if (is_default) policy.default_version = id;
  put_policy(call, std::move(policy));
  return {.PolicyVersion =
              PolicyVersion{.VersionId = id, .IsDefaultVersion = is_default, .CreateDate = call.now}};
}

}  // namespace landfall::iam
