#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty TagRole(Call& call, const TagRoleRequest& in) {
  RoleRecord role = find_role(call, in.RoleName.value());
  set_tags(role.entity.tags, in.Tags);
  check_tag_count(role.entity.tags);
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
