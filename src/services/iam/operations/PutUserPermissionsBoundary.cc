#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty PutUserPermissionsBoundary(Call& call, const PutUserPermissionsBoundaryRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  check_policy_arn(call, in.PermissionsBoundary.value());
  user.entity.boundary = *in.PermissionsBoundary;
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
