#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAccessKeysResponse ListAccessKeys(Call& call, const ListAccessKeysRequest& in) {
  const std::string user = user_or_caller(call, in.UserName);
  ListAccessKeysResponse out;
  std::vector<AccessKeyMetadata> all;
  for (const AccessKeyRecord& key : access_keys_of(call, user))
    all.push_back({.UserName = user.empty() ? "root" : user,
                   .AccessKeyId = key.id,
                   .Status = key.active ? "Active" : "Inactive",
                   .CreateDate = key.created});
  out.AccessKeyMetadata =
      paginate(in, out, std::move(all), [](const AccessKeyMetadata& key) { return *key.AccessKeyId; });
  return out;
}

}  // namespace landfall::iam
