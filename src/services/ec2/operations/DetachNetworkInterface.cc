#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// An instance has its primary interface only, which stays; what is asked of one that came free is that it is
// so.
aws::Empty DetachNetworkInterface(Call& call, const DetachNetworkInterfaceRequest& in) {
  if (!in.AttachmentId) throw_missing("attachmentId");
  for (const auto& [id, interface] : rows(call, kInterfaces).all())
    if (interface->attachment_id == *in.AttachmentId)
      throw_error("OperationNotPermitted", "The network interface at device index 0 cannot be detached.");
  throw_error("InvalidAttachmentID.NotFound",
              fmt::format("The attachment ID '{}' does not exist", *in.AttachmentId));
}

}  // namespace landfall::ec2
