#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UpdateUser(Call& call, const UpdateUserRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  const std::string before = user.entity.name;
  const std::string name = in.NewUserName.value_or(before);
  if (name != before && call.global_rows(kUsers).has(name))
    throw EntityAlreadyExistsException("User with name " + name + " already exists.");
  user.entity.name = name;
  user.entity.path = in.NewPath.value_or(user.entity.path);
  user.entity.arn = entity_arn(call, "user", user.entity.path, name);
  if (name == before) {
    put_user(call, std::move(user));
    return {};
  }
  const auto keys = access_keys_of(call, before);
  erase_user(call, before);
  put_user(call, std::move(user));
  for (AccessKeyRecord key : keys) {
    key.user_name = name;
    put_access_key(call, std::move(key));
  }
  return {};
}

}  // namespace landfall::iam
