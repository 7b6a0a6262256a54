// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ResetDBParameterGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DBParameterGroupNameMessage ResetDBParameterGroup(Call& call, const ResetDBParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBParameterGroupName);
  ParameterGroupRecord record = find_parameter_group(call, name);
  if (in.ResetAllParameters.value_or(false)) {
    record.values.clear();
    record.methods.clear();
  }
  for (const Parameter& parameter : in.Parameters) {
    record.values.erase(parameter.ParameterName.value_or(""));
    record.methods.erase(parameter.ParameterName.value_or(""));
  }
  if (name != default_group_name()) call.rows(kParameterGroups).put(name, record);
  note_change(call, name);
  return {.DBParameterGroupName = name};
}

}  // namespace landfall::rds
