#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListGroupsForUserResponse ListGroupsForUser(Call& call, const ListGroupsForUserRequest& in) {
  // There are none in Landfall: nothing makes one.
  static_cast<void>(user_or_caller(call, in.UserName));
  ListGroupsForUserResponse out;
  out.IsTruncated = false;
  return out;
}

}  // namespace landfall::iam
