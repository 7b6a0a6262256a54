#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"
#include "services/iam/service_linked_roles.h"

namespace landfall::iam {

CreateServiceLinkedRoleResponse CreateServiceLinkedRole(Call& call,
                                                        const CreateServiceLinkedRoleRequest& in) {
  const ServiceLinkedRole linked =
      service_linked_role(in.AWSServiceName.value(), in.CustomSuffix.value_or(""));
  return {.Role =
              answer(create_service_linked_role(call, linked, in.Description.value_or("")), Detail::full)};
}

}  // namespace landfall::iam
