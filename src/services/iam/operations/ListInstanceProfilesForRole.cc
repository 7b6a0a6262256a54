#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListInstanceProfilesForRoleResponse ListInstanceProfilesForRole(
    Call& call, const ListInstanceProfilesForRoleRequest& in) {
  const RoleRecord role = find_role(call, in.RoleName.value());
  ListInstanceProfilesForRoleResponse out;
  std::vector<InstanceProfile> all;
  call.global_rows(kInstanceProfiles).each([&](std::string_view, const InstanceProfileRecord& profile) {
    if (profile.role == role.entity.name) all.push_back(answer(call, profile, Detail::in_list));
  });
  out.InstanceProfiles = paginate(
      in, out, std::move(all), [](const InstanceProfile& profile) { return *profile.InstanceProfileName; });
  return out;
}

}  // namespace landfall::iam
