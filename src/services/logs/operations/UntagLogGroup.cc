#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty UntagLogGroup(Call& call, const UntagLogGroupRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  for (const std::string& key : in.tags) group.tags.erase(key);
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
