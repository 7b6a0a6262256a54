#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateSecurityGroupResult CreateSecurityGroup(Call& call, const CreateSecurityGroupRequest& in) {
  const std::string name = in.GroupName.value_or("");
  if (name.empty()) throw_missing("GroupName");
  if (in.Description.value_or("").empty()) throw_missing("GroupDescription");
  if (name.starts_with("sg-"))
    throw_invalid("Invalid security group name. Group names may not be in the format sg-*.");
  if (name.size() > 255) throw_invalid("Invalid security group name. Names may have up to 255 characters.");
  const auto vpc = in.VpcId ? require(call, kVpcs, *in.VpcId) : default_vpc(call);
  if (!vpc) throw_error("VPCIdNotSpecified", "No default VPC for this user");
  rows(call, kSecurityGroups).each([&](std::string_view, const SecurityGroupRecord& other) {
    if (other.vpc_id == vpc->vpc_id && other.name == name)
      throw_error("InvalidGroup.Duplicate",
                  fmt::format("The security group '{}' already exists for VPC '{}'", name, vpc->vpc_id));
  });
  const TagMap tags = tags_for(in.TagSpecifications, "security-group");
  const SecurityGroupRecord group = new_group(call, vpc->vpc_id, name, *in.Description);
  put_group(call, group);
  put_tags(call, group.group_id, "security-group", tags);
  CreateSecurityGroupResult out;
  out.GroupId = group.group_id;
  out.Tags = render_tags(tags);
  out.SecurityGroupArn = call.arn("ec2", "security-group/" + group.group_id);
  return out;
}

}  // namespace landfall::ec2
