#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListPoliciesResponse ListPolicies(Call& call, const ListPoliciesRequest& in) {
  ListPoliciesResponse out;
  std::vector<Policy> all;
  const std::string scope = in.Scope.value_or("All");
  const bool attached_only = in.OnlyAttached.value_or(false);
  auto add = [&](Policy policy) {
    if (!policy.Path->starts_with(in.PathPrefix.value_or("/"))) return;
    const int64_t uses = in.PolicyUsageFilter == "PermissionsBoundary" ? *policy.PermissionsBoundaryUsageCount
                                                                       : *policy.AttachmentCount;
    if (!attached_only || uses > 0) all.push_back(std::move(policy));
  };
  if (scope != "Local")
    for (const ManagedPolicy& policy : managed_policies()) add(answer(call, policy, Detail::in_list));
  if (scope != "AWS")
    call.global_rows(kPolicies).each(
        [&](std::string_view, const PolicyRecord& policy) { add(answer(call, policy, Detail::in_list)); });
  out.Policies = paginate(in, out, std::move(all), [](const Policy& policy) { return *policy.Arn; });
  return out;
}

}  // namespace landfall::iam
