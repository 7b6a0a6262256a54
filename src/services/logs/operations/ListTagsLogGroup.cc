#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

ListTagsLogGroupResponse ListTagsLogGroup(Call& call, const ListTagsLogGroupRequest& in) {
  return {.tags = find_group(call, *in.logGroupName)->tags};
}

}  // namespace landfall::logs
