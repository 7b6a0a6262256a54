#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty CreateLogStream(Call& call, const CreateLogStreamRequest& in) {
  const auto group = find_group(call, *in.logGroupName);
  const std::string key = stream_key(*group, *in.logStreamName);
  if (call.rows(kStreams).has(key))
    throw ResourceAlreadyExistsException("The specified log stream already exists");
  call.rows(kStreams).put(key,
                          {.name = *in.logStreamName, .uid = call.random().hex(16), .created = call.now});
  return {};
}

}  // namespace landfall::logs
