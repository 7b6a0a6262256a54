#include "services/cloudfront/function_logs.h"

#include <ctime>

#include "logs/errors.h"
#include "logs/operations.h"

namespace landfall::cloudfront {
namespace {

std::string stream_of(Timestamp now, const std::string& stream_id) {
  const time_t seconds = now.unix_ms / 1000;
  tm date{};
  gmtime_r(&seconds, &date);
  char text[40];
  const size_t size = strftime(text, sizeof text, "%Y/%m/%d/", &date);
  return std::string(text, size) + stream_id;
}

}  // namespace

void record_log(Call& call, const FunctionLog& log, const std::string& stream_id) {
  const std::string group = "/aws/cloudfront/function/" + log.function,
                    stream = stream_of(call.now, stream_id);
  try {
    logs::CreateLogGroup(call, {.logGroupName = group});
  } catch (const logs::ResourceAlreadyExistsException&) {  // mostly
  }
  try {
    logs::CreateLogStream(call, {.logGroupName = group, .logStreamName = stream});
  } catch (const logs::ResourceAlreadyExistsException&) {
  }
  logs::PutLogEventsRequest events{.logGroupName = group, .logStreamName = stream};
  for (const FunctionLogLine& line : log.lines)
    events.logEvents.push_back({.timestamp = line.unix_ms, .message = line.text});
  if (!events.logEvents.empty()) logs::PutLogEvents(call, events);
}

}  // namespace landfall::cloudfront
