#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListSSHPublicKeysResponse ListSSHPublicKeys(Call& call, const ListSSHPublicKeysRequest& in) {
  // There are none in Landfall: nothing makes one.
  static_cast<void>(user_or_caller(call, in.UserName));
  ListSSHPublicKeysResponse out;
  out.IsTruncated = false;
  return out;
}

}  // namespace landfall::iam
