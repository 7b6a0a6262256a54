#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

ListTagsForResourceResponse ListTagsForResource(Call& call, const ListTagsForResourceRequest& in) {
  return {.tags = find_group(call, group_name(call, *in.resourceArn))->tags};
}

}  // namespace landfall::logs
