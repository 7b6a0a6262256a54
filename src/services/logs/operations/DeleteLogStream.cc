#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty DeleteLogStream(Call& call, const DeleteLogStreamRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  const auto stream = find_stream(call, group, *in.logStreamName);
  erase_stream(call, group, *stream);
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
