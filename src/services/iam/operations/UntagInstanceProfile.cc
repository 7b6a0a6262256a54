#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty UntagInstanceProfile(Call& call, const UntagInstanceProfileRequest& in) {
  InstanceProfileRecord profile = find_instance_profile(call, in.InstanceProfileName.value());
  for (const std::string& key : in.TagKeys) profile.tags.erase(key);
  put_instance_profile(call, std::move(profile));
  return {};
}

}  // namespace landfall::iam
