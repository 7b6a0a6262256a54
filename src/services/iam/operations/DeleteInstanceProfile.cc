#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteInstanceProfile(Call& call, const DeleteInstanceProfileRequest& in) {
  const InstanceProfileRecord profile = find_instance_profile(call, in.InstanceProfileName.value());
  if (!profile.role.empty())
    throw DeleteConflictException("Cannot delete entity, must remove roles from instance profile first.");
  erase_instance_profile(call, profile.name);
  return {};
}

}  // namespace landfall::iam
