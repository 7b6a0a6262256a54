#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DetachGroupPolicy(Call& call, const DetachGroupPolicyRequest& in) {
  GroupRecord group = find_group(call, in.GroupName.value());
  if (std::erase(group.entity.attached, in.PolicyArn.value()) == 0)
    throw NoSuchEntityException("Policy " + *in.PolicyArn + " was not found.");
  put_group(call, std::move(group));
  return {};
}

}  // namespace landfall::iam
