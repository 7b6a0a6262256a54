// DB parameter groups. What parameters there are, and their types and bounds, the installed PostgreSQL tells.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/rds/instances.h"

namespace landfall::rds {

[[noreturn]] void throw_invalid_value(const std::string& why);  // InvalidParameterValue

struct ParameterFacts {
  std::string name, type, by_default, minimum, maximum, description;
  bool is_static = false;      // takes effect at a start of the engine only
  bool is_modifiable = false;  // not one of those that Landfall sets itself
};
const std::vector<ParameterFacts>& engine_parameters();  // by name; asked once
const ParameterFacts* find_parameter(std::string_view name);

std::string default_group_name();  // "default.postgres15"
// Own or default; throws DBParameterGroupNotFound.
ParameterGroupRecord find_parameter_group(const Call& call, const std::string& name);
// Throws InvalidParameterValue for a parameter that there is not or a value that it cannot have.
void check_parameter(const Parameter& parameter);
Parameter shown_parameter(const ParameterFacts& facts, const ParameterGroupRecord& group);

// The instance takes the group's values at its next start.
void use_parameter_group(const Call& call, InstanceRecord& record, const std::string& name);
// Says pending-reboot of the instances that use the group.
void note_change(Call& call, const std::string& group);
bool is_group_used(const Call& call, const std::string& group);

}  // namespace landfall::rds
