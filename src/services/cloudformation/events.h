// A stack's status and the events that tell of it: each status has one.
#pragma once

#include <string>
#include <string_view>

#include "gateway/call.h"
#include "services/cloudformation/store.h"

namespace landfall::cloudformation {

std::string stack_uuid(const StackRecord& stack);
inline bool in_progress(std::string_view status) { return status.ends_with("_IN_PROGRESS"); }

// Writes an event and sets the stack's status. For operations that start something.
void set_stack_status(Call& call, StackRecord& stack, std::string status, std::string reason = {});
// Writes an event of a resource; its record stays as it is.
void add_resource_event(Call& call, StackRecord& stack, const ResourceRecord& resource,
                        const std::string& status, const std::string& reason);

}  // namespace landfall::cloudformation
