#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UntagRole(Call& call, const UntagRoleRequest& in) {
  RoleRecord role = find_role(call, in.RoleName.value());
  for (const std::string& key : in.TagKeys) role.entity.tags.erase(key);
  put_role(call, std::move(role));
  return {};
}

}  // namespace landfall::iam
