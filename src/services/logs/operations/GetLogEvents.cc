#include <algorithm>
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/events.h"
#include "services/logs/groups.h"
#include "services/logs/pages.h"

namespace landfall::logs {

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
namespace get_log_events {

constexpr size_t kMaxEvents = 10000;
constexpr int64_t kMaxBytes = 1048576;

enum class Way { forward, backward };

// Where a page begins: its tokens are "f/<position>" (what comes after it) and "b/<position>" (what came
// before).
struct Cursor {
  Way way = Way::backward;
  std::optional<Position> at;
};

Cursor cursor_of(const GetLogEventsRequest& in) {
  if (!in.nextToken) return {in.startFromHead.value_or(false) ? Way::forward : Way::backward, std::nullopt};
  const std::string& token = *in.nextToken;
  const auto at = token.size() > 2 ? Position::parse(std::string_view(token).substr(2)) : std::nullopt;
  if (!at || !(token.starts_with("f/") || token.starts_with("b/")))
    throw InvalidParameterException("The specified nextToken is invalid.");
  return {token[0] == 'f' ? Way::forward : Way::backward, at};
}

std::vector<Event> page(std::vector<Event> all, const Cursor& cursor, size_t limit) {
  std::ranges::sort(all, {}, &Event::at);
  auto begin = all.begin(), end = all.end();
  if (cursor.at && cursor.way == Way::forward)
    begin = std::ranges::upper_bound(all, *cursor.at, {}, &Event::at);
  if (cursor.at && cursor.way == Way::backward)
    end = std::ranges::lower_bound(all, *cursor.at, {}, &Event::at);
  int64_t bytes = 0;
  const auto fits = [&](const Event& event) {
    bytes += static_cast<int64_t>(event.message.size()) + kEventOverheadBytes;
    return bytes <= kMaxBytes;
  };
  if (cursor.way == Way::forward) {
    auto last = begin;
    while (last != end && static_cast<size_t>(last - begin) < limit && fits(*last)) ++last;
    return {begin, last};
  }
  auto first = end;
  while (first != begin && static_cast<size_t>(end - first) < limit && fits(*(first - 1))) --first;
  return {first, end};
}

}  // namespace get_log_events

GetLogEventsResponse GetLogEvents(Call& call, const GetLogEventsRequest& in) {
  using namespace get_log_events;
  const auto group = named_group(call, in.logGroupName, in.logGroupIdentifier);
  const auto stream = find_stream(call, *group, *in.logStreamName);
  const Cursor cursor = cursor_of(in);
  std::vector<Event> all;
  collect(call, *group, *stream, {in.startTime.value_or(0), in.endTime.value_or(INT64_MAX)}, all);
  GetLogEventsResponse out;
  const auto events = page(std::move(all), cursor, page_limit(in.limit, kMaxEvents));
  for (const Event& event : events) {
    OutputLogEvent& shown = out.events.emplace_back();
    shown.timestamp = event.at.ms;
    shown.message = event.message;
    shown.ingestionTime = event.ingested_ms;
  }
  // At the end a client gets back the token that it gave.
  Position first = cursor.at.value_or(Position{call.now.unix_ms, stream->uid, 0, 0}), last = first;
  if (!events.empty()) {
    first = events.front().at;
    last = events.back().at;
  } else if (cursor.at && cursor.way == Way::forward) {
    ++first.index;
  } else if (cursor.at) {
    --last.index;
  } else if (cursor.way == Way::forward || stream->last_ingestion_ms == 0) {
    last.ms = in.startTime.value_or(0);
  }
  out.nextForwardToken = "f/" + last.text();
  out.nextBackwardToken = "b/" + first.text();
  return out;
}

}  // namespace landfall::logs
