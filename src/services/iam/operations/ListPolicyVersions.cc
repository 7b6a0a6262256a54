#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListPolicyVersionsResponse ListPolicyVersions(Call& call, const ListPolicyVersionsRequest& in) {
  ListPolicyVersionsResponse out;
  std::vector<PolicyVersion> all;
  if (const ManagedPolicy* managed = find_managed_policy(in.PolicyArn.value())) {
    all.push_back({.VersionId = "v1",
                   .IsDefaultVersion = true,
                   .CreateDate = answer(call, *managed, Detail::in_list).CreateDate});
  } else {
    const PolicyRecord policy = find_policy(call, *in.PolicyArn);
    for (const PolicyVersionRecord& version : policy.versions)
      all.push_back({.VersionId = version.id,
                     .IsDefaultVersion = version.id == policy.default_version,
                     .CreateDate = version.created});
  }
  out.Versions =
      paginate(in, out, std::move(all), [](const PolicyVersion& version) { return *version.VersionId; });
  return out;
}

}  // namespace landfall::iam
