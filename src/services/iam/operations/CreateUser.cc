#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreateUserResponse CreateUser(Call& call, const CreateUserRequest& in) {
  const std::string& name = in.UserName.value();
  if (call.global_rows(kUsers).has(name))
    throw EntityAlreadyExistsException("User with name " + name + " already exists.");
  UserRecord user;
  user.entity = {
      .name = name, .path = in.Path.value_or("/"), .id = new_id(call, "AIDA"), .created = call.now};
  user.entity.arn = entity_arn(call, "user", user.entity.path, name);
  if (in.PermissionsBoundary) {
    check_policy_arn(call, *in.PermissionsBoundary);
    user.entity.boundary = *in.PermissionsBoundary;
  }
  set_tags(user.entity.tags, in.Tags);
  check_tag_count(user.entity.tags);
  put_user(call, user);
  return {.User = answer(user, Detail::full)};
}

}  // namespace landfall::iam
