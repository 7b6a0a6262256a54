#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty AttachUserPolicy(Call& call, const AttachUserPolicyRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  const std::string& arn = in.PolicyArn.value();
  check_policy_arn(call, arn);
  auto& attached = user.entity.attached;
  if (std::ranges::find(attached, arn) != attached.end()) return {};  // already so
  if (attached.size() >= kAttachedPoliciesPerEntity)
    throw LimitExceededException("Cannot exceed quota for PoliciesPerUser: " +
                                 std::to_string(kAttachedPoliciesPerEntity));
  attached.push_back(arn);
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
