#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

CreateAccessKeyResponse CreateAccessKey(Call& call, const CreateAccessKeyRequest& in) {
  const std::string user = user_or_caller(call, in.UserName);
  if (access_keys_of(call, user).size() >= kAccessKeysPerUser)
    throw LimitExceededException("Cannot exceed quota for AccessKeysPerUser: " +
                                 std::to_string(kAccessKeysPerUser));
  AccessKeyRecord key{.id = new_access_key_id(call, "AKIA"),
                      .secret = Secret(new_secret(call)),
                      .user_name = user,
                      .created = call.now};
  put_access_key(call, key);
  return {.AccessKey = AccessKey{.UserName = user.empty() ? "root" : user,
                                 .AccessKeyId = key.id,
                                 .Status = "Active",
                                 .SecretAccessKey = key.secret.reveal(),
                                 .CreateDate = key.created}};
}

}  // namespace landfall::iam
