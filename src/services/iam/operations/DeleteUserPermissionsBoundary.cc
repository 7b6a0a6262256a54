#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteUserPermissionsBoundary(Call& call, const DeleteUserPermissionsBoundaryRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  if (user.entity.boundary.empty())
    throw NoSuchEntityException("The user with name " + user.entity.name + " has no permissions boundary.");
  user.entity.boundary.clear();
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
