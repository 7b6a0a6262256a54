#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty TagInstanceProfile(Call& call, const TagInstanceProfileRequest& in) {
  InstanceProfileRecord profile = find_instance_profile(call, in.InstanceProfileName.value());
  set_tags(profile.tags, in.Tags);
  check_tag_count(profile.tags);
  put_instance_profile(call, std::move(profile));
  return {};
}

}  // namespace landfall::iam
