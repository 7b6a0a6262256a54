#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

DeleteServiceLinkedRoleResponse DeleteServiceLinkedRole(Call& call,
                                                        const DeleteServiceLinkedRoleRequest& in) {
  const RoleRecord role = find_role(call, in.RoleName.value());
  if (role.linked_service.empty())
    throw NoSuchEntityException("The role with name " + role.entity.name + " is not a service-linked role.");
  erase_role(call, role.entity.name);
  return {.DeletionTaskId = "task" + role.entity.path + role.entity.name + "/" + call.random().uuid()};
}

}  // namespace landfall::iam
