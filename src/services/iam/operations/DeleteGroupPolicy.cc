#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteGroupPolicy(Call& call, const DeleteGroupPolicyRequest& in) {
  GroupRecord group = find_group(call, in.GroupName.value());
  if (group.entity.inline_policies.erase(in.PolicyName.value()) == 0)
    throw NoSuchEntityException("The group policy with name " + *in.PolicyName + " cannot be found.");
  put_group(call, std::move(group));
  return {};
}

}  // namespace landfall::iam
