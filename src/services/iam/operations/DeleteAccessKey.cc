#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

aws::Empty DeleteAccessKey(Call& call, const DeleteAccessKeyRequest& in) {
  const std::string user = user_or_caller(call, in.UserName);
  const AccessKeyRecord key = find_access_key(call, in.AccessKeyId.value());
  if (key.user_name != user)
    throw NoSuchEntityException("The Access Key with id " + key.id + " cannot be found.");
  erase_access_key(call, key);
  return {};
}

}  // namespace landfall::iam
