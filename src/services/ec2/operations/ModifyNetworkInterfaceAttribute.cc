#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty ModifyNetworkInterfaceAttribute(Call& call, const ModifyNetworkInterfaceAttributeRequest& in) {
  InterfaceRecord record = *require(call, kInterfaces, in.NetworkInterfaceId.value_or(""));
  if (in.Description) record.description = in.Description->Value.value_or("");
  if (in.SourceDestCheck) record.source_dest_check = in.SourceDestCheck->Value.value_or(true);
  if (!in.Groups.empty()) {
    check_groups(call, in.Groups, record.vpc_id, record.subnet_id);
    record.group_ids = in.Groups;
  }
  if (in.Attachment) {
    if (in.Attachment->AttachmentId.value_or("") != record.attachment_id || record.attachment_id.empty())
      throw_error("InvalidAttachmentID.NotFound", fmt::format("The attachment ID '{}' does not exist",
                                                              in.Attachment->AttachmentId.value_or("")));
    record.delete_on_termination = in.Attachment->DeleteOnTermination.value_or(record.delete_on_termination);
  }
  const std::string vpc_id = record.vpc_id;
  put_interface(call, std::move(record));
  sync_network(call, vpc_id);  // by which an instance may have become a NAT
  return {};
}

}  // namespace landfall::ec2
