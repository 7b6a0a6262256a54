#include <algorithm>
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"
#include "services/logs/pages.h"

namespace landfall::logs {

namespace describe_log_streams {

// The order: by name, or by (last event, name).
using Key = std::pair<int64_t, std::string>;

LogStream shown(const Call& call, const GroupRecord& group, const StreamRecord& stream) {
  LogStream out;
  out.logStreamName = stream.name;
  out.creationTime = stream.created.unix_ms;
  if (stream.last_ingestion_ms > 0) {
    out.firstEventTimestamp = stream.first_event_ms;
    out.lastEventTimestamp = stream.last_event_ms;
    out.lastIngestionTime = stream.last_ingestion_ms;
  }
  out.uploadSequenceToken = std::to_string(stream.next_chunk);
  out.arn = group_arn(call, group.name) + ":log-stream:" + stream.name;
  out.storedBytes = 0;  // AWS: always zero since June 2019
  return out;
}

}  // namespace describe_log_streams

DescribeLogStreamsResponse DescribeLogStreams(Call& call, const DescribeLogStreamsRequest& in) {
  using namespace describe_log_streams;
  const auto group = named_group(call, in.logGroupName, in.logGroupIdentifier);
  const bool by_time = in.orderBy == "LastEventTime";
  if (by_time && in.logStreamNamePrefix)
    throw InvalidParameterException("Cannot order by LastEventTime with a logStreamNamePrefix.");
  const std::string prefix = call.scope() + group->uid + "/" + in.logStreamNamePrefix.value_or("");
  std::vector<std::pair<Key, std::shared_ptr<const StreamRecord>>> streams;
  for (auto& [id, stream] : call.txn.all(kStreams, prefix))
    streams.push_back({{by_time ? stream->last_event_ms : 0, stream->name}, stream});
  std::ranges::sort(streams, {}, [](const auto& row) { return row.first; });
  const bool descending = in.descending.value_or(false);
  if (descending) std::ranges::reverse(streams);
  std::optional<Key> after;
  if (in.nextToken) {
    const std::string token = token_value(*in.nextToken);
    const size_t colon = token.find(':');
    if (colon == std::string::npos || token.find_first_not_of("0123456789") != colon)
      throw InvalidParameterException("The specified nextToken is invalid.");
    after = Key{std::stoll(token.substr(0, colon)), token.substr(colon + 1)};
  }
  DescribeLogStreamsResponse out;
  Key last;
  for (const auto& [key, stream] : streams) {
    if (after && (descending ? key >= *after : key <= *after)) continue;
    if (out.logStreams.size() == page_limit(in.limit, kDefaultPage)) {
      out.nextToken = make_token(std::to_string(last.first) + ":" + last.second);
      break;
    }
    out.logStreams.push_back(shown(call, *group, *stream));
    last = key;
  }
  return out;
}

}  // namespace landfall::logs
