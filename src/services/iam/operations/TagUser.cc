#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty TagUser(Call& call, const TagUserRequest& in) {
  UserRecord user = find_user(call, in.UserName.value());
  set_tags(user.entity.tags, in.Tags);
  check_tag_count(user.entity.tags);
  put_user(call, std::move(user));
  return {};
}

}  // namespace landfall::iam
