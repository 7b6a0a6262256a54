#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty DeleteLogGroup(Call& call, const DeleteLogGroupRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  if (group.deletion_protection)
    throw ValidationException("Cannot delete log group: deletion protection is enabled for " + group.name);
  for (const auto& [id, stream] : call.txn.all(kStreams, call.scope() + group.uid + "/"))
    erase_stream(call, group, *stream);
  call.rows(kGroups).erase(group.name);
  return {};
}

}  // namespace landfall::logs
