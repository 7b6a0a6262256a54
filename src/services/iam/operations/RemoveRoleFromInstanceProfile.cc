#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty RemoveRoleFromInstanceProfile(Call& call, const RemoveRoleFromInstanceProfileRequest& in) {
  InstanceProfileRecord profile = find_instance_profile(call, in.InstanceProfileName.value());
  if (profile.role != find_role(call, in.RoleName.value()).entity.name)
    throw NoSuchEntityException("The role with name " + *in.RoleName + " cannot be found.");
  profile.role.clear();
  put_instance_profile(call, std::move(profile));
  return {};
}

}  // namespace landfall::iam
