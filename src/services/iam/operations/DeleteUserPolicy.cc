#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteUserPolicy(Call& call, const DeleteUserPolicyRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  if (user.entity.inline_policies.erase(in.PolicyName.value()) == 0)
    throw NoSuchEntityException("The user policy with name " + *in.PolicyName + " cannot be found.");
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
