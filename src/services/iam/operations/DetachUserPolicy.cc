#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DetachUserPolicy(Call& call, const DetachUserPolicyRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  if (std::erase(user.entity.attached, in.PolicyArn.value()) == 0)
    throw NoSuchEntityException("Policy " + *in.PolicyArn + " was not found.");
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
