// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

CreateDBParameterGroupResult CreateDBParameterGroup(Call& call, const CreateDBParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBParameterGroupName),
                    family = ascii_lower(*in.DBParameterGroupFamily);
  if (name.empty() || name.size() > 255 || !std::isalpha(static_cast<unsigned char>(name[0])) ||
      name.ends_with('-') || name.find("--") != std::string::npos || name.starts_with("default."))
    throw ServiceError("InvalidParameterValue", 400,
                       "The parameter DBParameterGroupName is not a valid identifier: " + name);
  if (family != "postgres" + installed_version().major)
    throw ServiceError("InvalidParameterValue", 400,
                       "ParameterGroupFamily " + family +
                           " is not a valid parameter group family: this machine has postgres" +
                           installed_version().major);
  if (call.rows(kParameterGroups).has(name))
    throw DBParameterGroupAlreadyExistsFault("Parameter group " + name + " already exists");
  ParameterGroupRecord record;
  record.shown = {.DBParameterGroupName = name,
                  .DBParameterGroupFamily = family,
                  .Description = in.Description,
                  .DBParameterGroupArn = call.arn("rds", "pg:" + name)};
  record.tags = tag_map(in.Tags);
  call.rows(kParameterGroups).put(name, record);
  return {.DBParameterGroup = record.shown};
}

}  // namespace landfall::rds
