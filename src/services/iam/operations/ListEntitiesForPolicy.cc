#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListEntitiesForPolicyResponse ListEntitiesForPolicy(Call& call, const ListEntitiesForPolicyRequest& in) {
  check_policy_arn(call, in.PolicyArn.value());
  const std::string filter = in.EntityFilter.value_or("");
  const bool as_boundary = in.PolicyUsageFilter == "PermissionsBoundary";
  auto uses = [&](const EntityRecord& entity) {
    if (!entity.path.starts_with(in.PathPrefix.value_or("/"))) return false;
    return as_boundary ? entity.boundary == *in.PolicyArn
                       : std::ranges::find(entity.attached, *in.PolicyArn) != entity.attached.end();
  };
  // One list of all kinds, so that a page may end between them.
  struct Entity {
    std::string key;  // "role/app", "user/alice"
    std::string name, id;
  };
  std::vector<Entity> all;
  if (filter.empty() || filter == "User")
    call.global_rows(kUsers).each([&](std::string_view, const UserRecord& user) {
      if (uses(user.entity)) all.push_back({"user/" + user.entity.name, user.entity.name, user.entity.id});
    });
  if (filter.empty() || filter == "Group")
    call.global_rows(kGroups).each([&](std::string_view, const GroupRecord& group) {
      if (uses(group.entity))
        all.push_back({"group/" + group.entity.name, group.entity.name, group.entity.id});
    });
  if (filter.empty() || filter == "Role")
    call.global_rows(kRoles).each([&](std::string_view, const RoleRecord& role) {
      if (uses(role.entity)) all.push_back({"role/" + role.entity.name, role.entity.name, role.entity.id});
    });
  ListEntitiesForPolicyResponse out;
  for (Entity& entity : paginate(in, out, std::move(all), [](const Entity& e) { return e.key; })) {
    if (entity.key.starts_with("role/"))
      out.PolicyRoles.push_back({.RoleName = entity.name, .RoleId = entity.id});
    else if (entity.key.starts_with("group/"))
      out.PolicyGroups.push_back({.GroupName = entity.name, .GroupId = entity.id});
    else
      out.PolicyUsers.push_back({.UserName = entity.name, .UserId = entity.id});
  }
  return out;
}

}  // namespace landfall::iam
