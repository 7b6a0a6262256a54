#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListVirtualMFADevicesResponse ListVirtualMFADevices(Call& call, const ListVirtualMFADevicesRequest& in) {
  // There are none in Landfall: nothing makes one.
  static_cast<void>(call);
  ListVirtualMFADevicesResponse out;
  out.VirtualMFADevices =
      paginate(in, out, std::move(out.VirtualMFADevices),
               [](const VirtualMFADevice& device) { return device.SerialNumber.value_or(""); });
  return out;
}

}  // namespace landfall::iam
