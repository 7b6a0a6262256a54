#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/permissions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
void check_group_unused(const Call& call, const std::string& group_id) {
  const auto in_use = [&] {
    throw_error("DependencyViolation", fmt::format("resource {} has a dependent object", group_id));
  };
  rows(call, kInterfaces).each([&](std::string_view, const InterfaceRecord& interface) {
    for (const std::string& id : interface.group_ids)
      if (id == group_id) in_use();
  });
  rows(call, kSecurityGroups).each([&](std::string_view id, const SecurityGroupRecord& other) {
    for (const RuleRecord& rule : other.rules)
      if (id != group_id && rule.referenced_group_id == group_id) in_use();
  });
}
}  // namespace

DeleteSecurityGroupResult DeleteSecurityGroup(Call& call, const DeleteSecurityGroupRequest& in) {
  const auto group = require_group(call, in.GroupId, in.GroupName);
  if (group->name == "default")
    throw_error("CannotDelete",
                fmt::format("the specified group: \"{}\" name: \"default\" cannot be deleted by a user",
                            group->group_id));
  const std::string id = group->group_id;
  check_group_unused(call, id);
  delete_group(call, id);
  DeleteSecurityGroupResult out;
  out.Return = true;
  out.GroupId = id;
  return out;
}

}  // namespace landfall::ec2
