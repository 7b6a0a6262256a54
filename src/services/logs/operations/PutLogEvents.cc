#include <algorithm>
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
namespace put_log_events {

constexpr int64_t kMaxBatchBytes = 1'048'576;
constexpr int64_t kFutureMs = 2 * 3'600'000;
constexpr int64_t kPastMs = 14 * kDayMs;

int64_t check(const PutLogEventsRequest& in) {
  int64_t bytes = 0;
  const auto& events = in.logEvents;
  for (size_t i = 0; i < events.size(); ++i) {
    bytes += static_cast<int64_t>(events[i].message->size()) + kEventOverheadBytes;
    if (i > 0 && *events[i].timestamp < *events[i - 1].timestamp)
      throw InvalidParameterException(
          "Log events in a single PutLogEvents request must be in chronological order.");
  }
  if (bytes > kMaxBatchBytes)
    throw InvalidParameterException("Upload too large: " + std::to_string(bytes) +
                                    " bytes exceeds limit of " + std::to_string(kMaxBatchBytes));
  if (*events.back().timestamp - *events.front().timestamp > kDayMs)
    throw InvalidParameterException(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  return bytes;
}

std::string chunk_id(const Call& call, const GroupRecord& group, const StreamRecord& stream) {
  std::string number = std::to_string(stream.next_chunk);
  number.insert(0, 12 - number.size(), '0');
  return call.scope() + group.uid + "/" + stream.uid + "/" + number;
}

}  // namespace put_log_events

PutLogEventsResponse PutLogEvents(Call& call, const PutLogEventsRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  StreamRecord stream = *find_stream(call, group, *in.logStreamName);
  put_log_events::check(in);
  const int64_t now = call.now.unix_ms;
  const int64_t expired = expired_before_ms(group, call.now);
  PutLogEventsResponse out;
  RejectedLogEventsInfo rejected;
  EventsRecord kept;
  ChunkRecord chunk{.ingested_ms = now};
  for (size_t i = 0; i < in.logEvents.size(); ++i) {
    const InputLogEvent& event = in.logEvents[i];
    if (*event.timestamp > now + put_log_events::kFutureMs) {
      rejected.tooNewLogEventStartIndex = static_cast<int64_t>(i);
      break;  // in order of time: so are all after it
    }
    if (*event.timestamp < expired) {
      rejected.expiredLogEventEndIndex = static_cast<int64_t>(i) + 1;
    } else if (*event.timestamp < now - put_log_events::kPastMs) {
      rejected.tooOldLogEventEndIndex = static_cast<int64_t>(i) + 1;
    } else {
      chunk.bytes += static_cast<int64_t>(event.message->size()) + kEventOverheadBytes;
      kept.events.push_back({*event.timestamp, *event.message});
    }
  }
  if (rejected.tooNewLogEventStartIndex || rejected.expiredLogEventEndIndex ||
      rejected.tooOldLogEventEndIndex)
    out.rejectedLogEventsInfo = rejected;
  if (!kept.events.empty()) {
    chunk.first_ms = kept.events.front().ms;
    chunk.last_ms = kept.events.back().ms;
    const std::string id = put_log_events::chunk_id(call, group, stream);
    call.txn.put(kChunks, id, chunk);
    call.txn.put_text(store::Txn::key_of(kEvents.name, id), to_json(kept));
    stream.first_event_ms =
        stream.last_ingestion_ms == 0 ? chunk.first_ms : std::min(stream.first_event_ms, chunk.first_ms);
    stream.last_event_ms = std::max(stream.last_event_ms, chunk.last_ms);
    stream.last_ingestion_ms = now;
    ++stream.next_chunk;
    group.stored_bytes += chunk.bytes;
    call.rows(kGroups).put(group.name, group);
    call.rows(kStreams).put(stream_key(group, stream.name), stream);
  }
  out.nextSequenceToken = std::to_string(stream.next_chunk);
  return out;
}

}  // namespace landfall::logs
