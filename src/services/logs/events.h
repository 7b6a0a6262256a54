// Reading a stream's events in order, from any position, forwards or backwards.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "services/logs/store.h"

namespace landfall::logs {

// The place of an event: events of one time are in the order in which they came. `stream` orders the streams
// of a group's search; empty where only one is read.
struct Position {
  int64_t ms = 0;
  std::string stream;
  int64_t chunk = 0, index = 0;
  auto operator<=>(const Position&) const = default;
  std::string text() const;
  static std::optional<Position> parse(std::string_view text);
};

struct Event {
  Position at;
  std::string stream_name, message;
  int64_t ingested_ms = 0;
};

struct TimeRange {
  int64_t from_ms = 0;
  int64_t until_ms = INT64_MAX;  // exclusive
};

// All events of the stream in the range, in no order.
void collect(Call& call, const GroupRecord& group, const StreamRecord& stream, TimeRange range,
             std::vector<Event>& out);

}  // namespace landfall::logs
