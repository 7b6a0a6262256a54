#include "services/cloudformation/events.h"

#include <cstdio>

namespace landfall::cloudformation {
namespace {

void add_event(Call& call, StackRecord& stack, const std::string& logical_id, const std::string& physical_id,
               const std::string& type, const std::string& status, const std::string& reason,
               const std::string& properties) {
  char sequence[16];
  std::snprintf(sequence, sizeof sequence, "%010lld", static_cast<long long>(++stack.last_event));
  auto events = call.rows(kEvents);
  events.put(stack_uuid(stack) + "/" + sequence,
             EventRecord{.stack_id = stack.stack_id,
                         .stack_name = stack.name,
                         .event_id = call.random().uuid(),
                         .logical_id = logical_id,
                         .physical_id = physical_id,
                         .type = type,
                         .status = status,
                         .reason = reason,
                         .properties = properties,
                         .client_request_token = stack.client_request_token,
                         .at = call.now});
  if (stack.last_event > static_cast<int64_t>(kMaxEventsPerStack)) {
    std::snprintf(sequence, sizeof sequence, "%010lld",
                  static_cast<long long>(stack.last_event - static_cast<int64_t>(kMaxEventsPerStack)));
    events.erase(stack_uuid(stack) + "/" + sequence);
  }
}

}  // namespace

void add_resource_event(Call& call, StackRecord& stack, const ResourceRecord& resource,
                        const std::string& status, const std::string& reason) {
  add_event(call, stack, resource.logical_id, resource.physical_id, resource.type, status, reason,
            resource.properties);
}

std::string stack_uuid(const StackRecord& stack) {
  return stack.stack_id.substr(stack.stack_id.rfind('/') + 1);
}

void set_stack_status(Call& call, StackRecord& stack, std::string status, std::string reason) {
  if (!in_progress(stack.status) || stack.status == "REVIEW_IN_PROGRESS") stack.began = call.now;
  stack.status = status;
  stack.status_reason = reason;
  add_event(call, stack, stack.name, stack.stack_id, "AWS::CloudFormation::Stack", status, reason, "");
}

}  // namespace landfall::cloudformation
