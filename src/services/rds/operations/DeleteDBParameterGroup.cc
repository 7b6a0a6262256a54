// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

aws::Empty DeleteDBParameterGroup(Call& call, const DeleteDBParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBParameterGroupName);
  find_parameter_group(call, name);
  if (name == default_group_name())
    throw InvalidDBParameterGroupStateFault("The default parameter group " + name + " cannot be deleted.");
  if (is_group_used(call, name))
    throw InvalidDBParameterGroupStateFault(
        "One or more database instances are still members of this parameter group " + name +
        ", so the group cannot be deleted");
  call.rows(kParameterGroups).erase(name);
  return {};
}

}  // namespace landfall::rds
