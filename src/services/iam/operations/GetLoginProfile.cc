#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetLoginProfileResponse GetLoginProfile(Call& call, const GetLoginProfileRequest& in) {
  throw NoSuchEntityException("Login Profile for User " + user_or_caller(call, in.UserName) +
                              " cannot be found.");
}

}  // namespace landfall::iam
