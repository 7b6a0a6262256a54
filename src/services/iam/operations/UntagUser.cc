#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UntagUser(Call& call, const UntagUserRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  for (const std::string& key : in.TagKeys) user.entity.tags.erase(key);
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
