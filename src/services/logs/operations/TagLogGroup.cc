#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty TagLogGroup(Call& call, const TagLogGroupRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  add_tags(call, group, in.tags);
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
