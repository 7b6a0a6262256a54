// Change sets: a template and parameters put aside, with what they would change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

struct FoundChangeSet {
  std::string uuid;
  ChangeSetRecord record;
};
// By name (then stack_name is needed) or ARN. Throws ChangeSetNotFoundException.
FoundChangeSet find_change_set(const Call& call, std::string_view name_or_arn,
                               const std::optional<std::string>& stack_name);

// What going from `stack` to `source` would do, by comparing declarations (values that depend on other
// resources are taken to change with them: replacement Conditional).
std::vector<ChangeSetRecord::Change> changes_between(const StackRecord& stack, const Source& source);

// Says what the change set would change, and that it may be executed; or that there is nothing to change.
void settle_change_set(const StackRecord& stack, ChangeSetRecord& record);

}  // namespace landfall::cloudformation
