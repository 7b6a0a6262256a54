#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

// Nobody has one: there is no console to sign in to. Clients ask before they delete a user.
aws::Empty DeleteLoginProfile(Call& call, const DeleteLoginProfileRequest& in) {
  const std::string name = user_or_caller(call, in.UserName);
  throw NoSuchEntityException("Login Profile for User " + name + " cannot be found.");
}

}  // namespace landfall::iam
