#include "services/logs/events.h"

#include <algorithm>
#include <charconv>

#include "services/logs/groups.h"

namespace landfall::logs {

std::string Position::text() const {
  return std::to_string(ms) + ":" + std::to_string(chunk) + ":" + std::to_string(index) + ":" + stream;
}

std::optional<Position> Position::parse(std::string_view text) {
  Position out;
  for (int64_t* number : {&out.ms, &out.chunk, &out.index}) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (problem != std::errc() || end == text.data() + text.size() || *end != ':') return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  }
  out.stream = std::string(text);
  return out;
}

void collect(Call& call, const GroupRecord& group, const StreamRecord& stream, TimeRange range,
             std::vector<Event>& out) {
  range.from_ms = std::max(range.from_ms, expired_before_ms(group, call.now));
  const std::string prefix = call.scope() + group.uid + "/" + stream.uid + "/";
  call.txn.each<ChunkRecord>(kChunks, prefix, [&](std::string_view id, const ChunkRecord& chunk) {
    if (chunk.last_ms < range.from_ms || chunk.first_ms >= range.until_ms) return;
    const store::Document* document = call.txn.find(store::Txn::key_of(kEvents.name, id));
    LF_INVARIANT(document != nullptr, "a chunk without its events");
    const auto events = from_json<EventsRecord>(document->text);
    LF_INVARIANT(events.has_value(), "a chunk that does not load");
    int64_t number = 0;
    const std::string_view digits = id.substr(prefix.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    for (size_t i = 0; i < events->events.size(); ++i) {
      const EventRecord& event = events->events[i];
      if (event.ms < range.from_ms || event.ms >= range.until_ms) continue;
      out.push_back({.at = {event.ms, stream.uid, number, static_cast<int64_t>(i)},
                     .stream_name = stream.name,
                     .message = event.message,
                     .ingested_ms = chunk.ingested_ms});
    }
  });
}

}  // namespace landfall::logs
