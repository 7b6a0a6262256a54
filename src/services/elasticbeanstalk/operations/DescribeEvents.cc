// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEvents.html
#include <algorithm>
#include <ranges>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

EventDescriptionsMessage DescribeEvents(Call& call, const DescribeEventsMessage& in) {
  static constexpr std::string_view kSeverities[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
  const auto rank = [](const std::string& severity) {
    return std::ranges::find(kSeverities, std::string_view(severity)) - std::begin(kSeverities);
  };
  EventDescriptionsMessage out;
  const auto rows = call.rows(kEvents).all();
  const size_t limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  size_t skip = 0;
  if (in.NextToken) skip = static_cast<size_t>(std::strtoull(in.NextToken->c_str(), nullptr, 10));
  size_t matched = 0;
  for (const auto& [id, record] : std::views::reverse(rows)) {
    const EventDescription& event = record->shown;
    if (in.ApplicationName && event.ApplicationName != *in.ApplicationName) continue;
    if (in.VersionLabel && event.VersionLabel != *in.VersionLabel) continue;
    if (in.EnvironmentName && event.EnvironmentName != *in.EnvironmentName) continue;
    if (in.EnvironmentId && record->environment_id != *in.EnvironmentId) continue;
    if (in.RequestId && event.RequestId != *in.RequestId) continue;
    if (in.Severity && rank(*event.Severity) < rank(*in.Severity)) continue;
    if ((in.StartTime && *event.EventDate < *in.StartTime) || (in.EndTime && *event.EventDate >= *in.EndTime))
      continue;
    if (matched++ < skip) continue;
    if (out.Events.size() == limit) {
      out.NextToken = std::to_string(matched - 1);
      break;
    }
    out.Events.push_back(event);
  }
  return out;
}

}  // namespace landfall::elasticbeanstalk
