#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty AddRoleToInstanceProfile(Call& call, const AddRoleToInstanceProfileRequest& in) {
  InstanceProfileRecord profile = find_instance_profile(call, in.InstanceProfileName.value());
  const RoleRecord role = find_role_to_change(call, in.RoleName.value());
  if (!profile.role.empty())
    throw LimitExceededException("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
  call.authorize("iam:PassRole", role.entity.arn, {{"iam:PassedToService", "ec2.amazonaws.com"}});
  profile.role = role.entity.name;
  put_instance_profile(call, std::move(profile));
  return {};
}

}  // namespace landfall::iam
