#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty PutLogGroupDeletionProtection(Call& call, const PutLogGroupDeletionProtectionRequest& in) {
  GroupRecord group = *find_group(call, group_name(call, *in.logGroupIdentifier));
  group.deletion_protection = *in.deletionProtectionEnabled;
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
