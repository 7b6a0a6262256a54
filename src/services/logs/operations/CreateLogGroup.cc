#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty CreateLogGroup(Call& call, const CreateLogGroupRequest& in) {
  auto groups = call.rows(kGroups);
  if (groups.has(*in.logGroupName))
    throw ResourceAlreadyExistsException("The specified log group already exists");
  if (in.logGroupName->starts_with("aws/"))
    throw InvalidParameterException("Log groups starting with AWS/ are reserved for AWS.");
  GroupRecord group;
  group.name = *in.logGroupName;
  group.uid = call.random().hex(16);
  group.log_class = in.logGroupClass.value_or("STANDARD");
  group.kms_key = in.kmsKeyId.value_or("");
  group.deletion_protection = in.deletionProtectionEnabled.value_or(false);
  group.created = call.now;
  add_tags(call, group, in.tags);
  groups.put(group.name, group);
  return {};
}

}  // namespace landfall::logs
