#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreateInstanceProfileResponse CreateInstanceProfile(Call& call, const CreateInstanceProfileRequest& in) {
  const std::string& name = in.InstanceProfileName.value();
  if (call.global_rows(kInstanceProfiles).has(name))
    throw EntityAlreadyExistsException("Instance Profile " + name + " already exists.");
  InstanceProfileRecord profile{
      .name = name, .path = in.Path.value_or("/"), .id = new_id(call, "AIPA"), .created = call.now};
  profile.arn = entity_arn(call, "instance-profile", profile.path, name);
  set_tags(profile.tags, in.Tags);
  check_tag_count(profile.tags);
  put_instance_profile(call, profile);
  return {.InstanceProfile = answer(call, profile, Detail::full)};
}

}  // namespace landfall::iam
