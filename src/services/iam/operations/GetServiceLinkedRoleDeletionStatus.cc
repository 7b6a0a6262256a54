#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetServiceLinkedRoleDeletionStatusResponse GetServiceLinkedRoleDeletionStatus(
    Call& call, const GetServiceLinkedRoleDeletionStatusRequest& in) {
  // task/aws-service-role/<service>/<role>/<uuid>; the deletion is done when it is answered.
  const std::string& task = in.DeletionTaskId.value();
  if (!task.starts_with("task/aws-service-role/") || std::ranges::count(task, '/') != 4)
    throw NoSuchEntityException("Deletion task " + task + " cannot be found.");
  static_cast<void>(call);
  return {.Status = "SUCCEEDED"};
}

}  // namespace landfall::iam
