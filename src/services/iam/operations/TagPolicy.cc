#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty TagPolicy(Call& call, const TagPolicyRequest& in) {
  if (find_managed_policy(in.PolicyArn.value()) != nullptr)
    throw ServiceError("AccessDenied", 403,
                       "Policy " + *in.PolicyArn + " is managed by AWS and cannot be changed.");
  PolicyRecord policy = find_policy(call, *in.PolicyArn);
  set_tags(policy.tags, in.Tags);
  check_tag_count(policy.tags);
  put_policy(call, std::move(policy));
  return {};
}

}  // namespace landfall::iam
