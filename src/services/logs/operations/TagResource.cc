#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty TagResource(Call& call, const TagResourceRequest& in) {
  GroupRecord group = *find_group(call, group_name(call, *in.resourceArn));
  add_tags(call, group, in.tags);
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
