#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty UntagResource(Call& call, const UntagResourceRequest& in) {
  GroupRecord group = *find_group(call, group_name(call, *in.resourceArn));
  for (const std::string& key : in.tagKeys) group.tags.erase(key);
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
