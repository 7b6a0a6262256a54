#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetPolicyVersionResponse GetPolicyVersion(Call& call, const GetPolicyVersionRequest& in) {
  const std::string& id = in.VersionId.value();
  if (const ManagedPolicy* managed = find_managed_policy(in.PolicyArn.value())) {
    if (id != "v1")
      throw NoSuchEntityException("Policy " + *in.PolicyArn + " version " + id +
                                  " does not exist or is not attachable.");
    return {.PolicyVersion = PolicyVersion{.Document = encoded_document(std::string(managed->document)),
                                           .VersionId = id,
                                           .IsDefaultVersion = true,
                                           .CreateDate = answer(call, *managed, Detail::in_list).CreateDate}};
  }
  const PolicyRecord policy = find_policy(call, *in.PolicyArn);
  const auto version = std::ranges::find(policy.versions, id, &PolicyVersionRecord::id);
  if (version == policy.versions.end())
    throw NoSuchEntityException("Policy " + policy.arn + " version " + id +
                                " does not exist or is not attachable.");
  return {.PolicyVersion = PolicyVersion{.Document = encoded_document(version->document),
                                         .VersionId = id,
                                         .IsDefaultVersion = id == policy.default_version,
                                         .CreateDate = version->created}};
}

}  // namespace landfall::iam
