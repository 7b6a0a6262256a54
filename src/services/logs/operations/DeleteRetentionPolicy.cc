#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty DeleteRetentionPolicy(Call& call, const DeleteRetentionPolicyRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  group.retention_days = 0;
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
