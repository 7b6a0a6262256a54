// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
#include <algorithm>

#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

DescribeStackEventsOutput DescribeStackEvents(Call& call, const DescribeStackEventsInput& in) {
  const FoundStack found = find_stack(call, in.StackName.value_or(""));
  std::vector<std::shared_ptr<const EventRecord>> events;
  for (auto& [id, event] : call.txn.all(kEvents, call.scope() + found.uuid + "/")) events.push_back(event);
  std::reverse(events.begin(), events.end());  // newest first
  const auto [first, last] = page(in.NextToken, events.size());
  DescribeStackEventsOutput out;
  const auto set = [](std::optional<std::string>& to, const std::string& value) {
    if (!value.empty()) to = value;
  };
  for (size_t i = first; i < last; ++i) {
    const EventRecord& event = *events[i];
    StackEvent shown_event{.StackId = event.stack_id,
                           .EventId = event.event_id,
                           .StackName = event.stack_name,
                           .LogicalResourceId = event.logical_id,
                           .PhysicalResourceId = event.physical_id,
                           .ResourceType = event.type,
                           .Timestamp = event.at,
                           .ResourceStatus = event.status};
    set(shown_event.ResourceStatusReason, event.reason);
    set(shown_event.ResourceProperties, event.properties);
    set(shown_event.ClientRequestToken, event.client_request_token);
    out.StackEvents.push_back(std::move(shown_event));
  }
  if (last < events.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
