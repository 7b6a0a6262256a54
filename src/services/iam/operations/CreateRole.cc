#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreateRoleResponse CreateRole(Call& call, const CreateRoleRequest& in) {
  const std::string& name = in.RoleName.value();
  if (call.global_rows(kRoles).has(name))
    throw EntityAlreadyExistsException("Role with name " + name + " already exists.");
  const std::string path = in.Path.value_or("/");
  if (path.starts_with("/aws-service-role/"))
    throw InvalidInputException("Path \"" + path + "\" is reserved for service-linked roles.");
  RoleRecord role{.trust_policy = in.AssumeRolePolicyDocument.value(),
                  .description = in.Description.value_or(""),
                  .max_session_seconds = in.MaxSessionDuration.value_or(3600)};
  check_document(call, role.trust_policy, DocumentUse::trust);
  role.entity = {.name = name, .path = path, .id = new_id(call, "AROA"), .created = call.now};
  role.entity.arn = entity_arn(call, "role", path, name);
  if (in.PermissionsBoundary) {
    check_policy_arn(call, *in.PermissionsBoundary);
    role.entity.boundary = *in.PermissionsBoundary;
  }
  set_tags(role.entity.tags, in.Tags);
  check_tag_count(role.entity.tags);
  put_role(call, role);
  return {.Role = answer(role, Detail::full)};
}

}  // namespace landfall::iam
