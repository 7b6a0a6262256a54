#include "ec2/operations.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeNetworkInterfaceAttributeResult DescribeNetworkInterfaceAttribute(
    Call& call, const DescribeNetworkInterfaceAttributeRequest& in) {
  const auto record = require(call, kInterfaces, in.NetworkInterfaceId.value_or(""));
  DescribeNetworkInterfaceAttributeResult out;
  out.NetworkInterfaceId = record->interface_id;
  const std::string attribute = in.Attribute.value_or("");
  if (attribute == "attachment") {
    if (!record->attachment_id.empty()) out.Attachment = render_attachment(call, *record);
  } else if (attribute == "description") {
    out.Description.emplace().Value = record->description;
  } else if (attribute == "groupSet") {
    out.Groups = render_groups(call, record->group_ids);
  } else if (attribute == "sourceDestCheck") {
    out.SourceDestCheck.emplace().Value = record->source_dest_check;
  } else {
    throw_invalid(
        fmt::format("Value ({}) for parameter attribute is invalid. Unknown attribute.", attribute));
  }
  return out;
}

}  // namespace landfall::ec2
