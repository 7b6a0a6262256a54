#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetAccessKeyLastUsedResponse GetAccessKeyLastUsed(Call& call, const GetAccessKeyLastUsedRequest& in) {
  const AccessKeyRecord key = find_access_key(call, in.AccessKeyId.value());
  // Uses are not recorded (README.md, "Not done"): AWS answers so for a key that was never used.
  return {.UserName = key.user_name.empty() ? "root" : key.user_name,
          .AccessKeyLastUsed = AccessKeyLastUsed{.ServiceName = "N/A", .Region = "N/A"}};
}

}  // namespace landfall::iam
