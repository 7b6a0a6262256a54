#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetInstanceProfileResponse GetInstanceProfile(Call& call, const GetInstanceProfileRequest& in) {
  return {.InstanceProfile =
              answer(call, find_instance_profile(call, in.InstanceProfileName.value()), Detail::full)};
}

}  // namespace landfall::iam
