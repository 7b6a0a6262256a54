#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListMFADevicesResponse ListMFADevices(Call& call, const ListMFADevicesRequest& in) {
  // There are none in Landfall: nothing makes one.
  static_cast<void>(user_or_caller(call, in.UserName));
  ListMFADevicesResponse out;
  out.IsTruncated = false;
  return out;
}

}  // namespace landfall::iam
