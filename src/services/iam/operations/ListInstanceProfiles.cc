#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListInstanceProfilesResponse ListInstanceProfiles(Call& call, const ListInstanceProfilesRequest& in) {
  ListInstanceProfilesResponse out;
  std::vector<InstanceProfile> all;
  call.global_rows(kInstanceProfiles).each([&](std::string_view, const InstanceProfileRecord& profile) {
    if (profile.path.starts_with(in.PathPrefix.value_or("/")))
      all.push_back(answer(call, profile, Detail::in_list));
  });
  out.InstanceProfiles = paginate(
      in, out, std::move(all), [](const InstanceProfile& profile) { return *profile.InstanceProfileName; });
  return out;
}

}  // namespace landfall::iam
