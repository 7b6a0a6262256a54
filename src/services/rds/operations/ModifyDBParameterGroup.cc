// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

// New values count from an instance's next start on, whatever their ApplyMethod (README.md, "Not done").
DBParameterGroupNameMessage ModifyDBParameterGroup(Call& call, const ModifyDBParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBParameterGroupName);
  ParameterGroupRecord record = find_parameter_group(call, name);
  if (name == default_group_name())
    throw ServiceError("InvalidParameterValue", 400, "The parameter group " + name + " cannot be modified.");
  if (in.Parameters.size() > 20)
    throw ServiceError("InvalidParameterValue", 400,
                       "A maximum of 20 parameters can be modified in a single request.");
  for (const Parameter& parameter : in.Parameters) {
    check_parameter(parameter);
    record.values[*parameter.ParameterName] = *parameter.ParameterValue;
    record.methods[*parameter.ParameterName] = parameter.ApplyMethod.value_or("immediate");
  }
  call.rows(kParameterGroups).put(name, record);
  note_change(call, name);
  return {.DBParameterGroupName = name};
}

}  // namespace landfall::rds
