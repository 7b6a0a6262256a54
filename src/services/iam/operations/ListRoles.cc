#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListRolesResponse ListRoles(Call& call, const ListRolesRequest& in) {
  ListRolesResponse out;
  std::vector<Role> all;
  call.global_rows(kRoles).each([&](std::string_view, const RoleRecord& role) {
    if (role.entity.path.starts_with(in.PathPrefix.value_or("/")))
      all.push_back(answer(role, Detail::in_list));
  });
  out.Roles = paginate(in, out, std::move(all), [](const Role& role) { return *role.RoleName; });
  return out;
}

}  // namespace landfall::iam
