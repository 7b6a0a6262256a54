#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty AttachGroupPolicy(Call& call, const AttachGroupPolicyRequest& in) {
  GroupRecord group = find_group(call, in.GroupName.value());
  const std::string& arn = in.PolicyArn.value();
  check_policy_arn(call, arn);
  auto& attached = group.entity.attached;
  if (std::ranges::find(attached, arn) != attached.end()) return {};  // already so
  if (attached.size() >= kAttachedPoliciesPerEntity)
    throw LimitExceededException("Cannot exceed quota for PoliciesPerGroup: " +
                                 std::to_string(kAttachedPoliciesPerEntity));
  attached.push_back(arn);
  put_group(call, std::move(group));
  return {};
}

}  // namespace landfall::iam
