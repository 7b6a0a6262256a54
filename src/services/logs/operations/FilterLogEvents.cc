#include <algorithm>
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/events.h"
#include "services/logs/filter_pattern.h"
#include "services/logs/groups.h"
#include "services/logs/pages.h"

namespace landfall::logs {

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
namespace filter_log_events {

constexpr size_t kMaxEvents = 10000;
constexpr int64_t kMaxBytes = 1048576;

bool wanted(const FilterLogEventsRequest& in, const std::string& stream) {
  if (!in.logStreamNames.empty())
    return std::ranges::find(in.logStreamNames, stream) != in.logStreamNames.end();
  return !in.logStreamNamePrefix || stream.starts_with(*in.logStreamNamePrefix);
}

std::string event_id(const Event& event) {  // 56 digits on AWS
  std::string out =
      std::to_string(event.at.ms) + std::to_string(event.at.chunk) + std::to_string(event.at.index);
  for (char c : event.at.stream) out += std::to_string(c % 10);
  return out;
}

}  // namespace filter_log_events

FilterLogEventsResponse FilterLogEvents(Call& call, const FilterLogEventsRequest& in) {
  using namespace filter_log_events;
  const auto group = named_group(call, in.logGroupName, in.logGroupIdentifier);
  if (!in.logStreamNames.empty() && in.logStreamNamePrefix)
    throw InvalidParameterException(
        "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
  const auto pattern = FilterPattern::parse(in.filterPattern.value_or(""));
  if (!pattern) throw InvalidParameterException("Invalid filter pattern: " + pattern.error().message);
  std::optional<Position> after;
  if (in.nextToken) {
    after = Position::parse(token_value(*in.nextToken));
    if (!after) throw InvalidParameterException("The specified nextToken is invalid.");
  }
  for (const std::string& name : in.logStreamNames) find_stream(call, *group, name);
  std::vector<Event> all;
  for (const auto& [id, stream] : call.txn.all(kStreams, call.scope() + group->uid + "/"))
    if (wanted(in, stream->name))
      collect(call, *group, *stream, {in.startTime.value_or(0), in.endTime.value_or(INT64_MAX)}, all);
  std::ranges::sort(all, {}, &Event::at);
  FilterLogEventsResponse out;
  int64_t bytes = 0;
  std::optional<Position> last;
  for (const Event& event : all) {
    if ((after && event.at <= *after) || !pattern->matches(event.message)) continue;
    bytes += static_cast<int64_t>(event.message.size()) + kEventOverheadBytes;
    if (out.events.size() == page_limit(in.limit, kMaxEvents) || (bytes > kMaxBytes && last)) {
      out.nextToken = make_token(last->text());
      break;
    }
    FilteredLogEvent& shown = out.events.emplace_back();
    shown.logStreamName = event.stream_name;
    shown.timestamp = event.at.ms;
    shown.message = event.message;
    shown.ingestionTime = event.ingested_ms;
    shown.eventId = event_id(event);
    last = event.at;
  }
  return out;
}

}  // namespace landfall::logs
