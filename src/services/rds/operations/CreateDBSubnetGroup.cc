// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

CreateDBSubnetGroupResult CreateDBSubnetGroup(Call& call, const CreateDBSubnetGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBSubnetGroupName);
  if (name == "default")
    throw ServiceError("InvalidParameterValue", 400,
                       "The parameter DBSubnetGroupName must not be \"default\".");
  if (call.rows(kSubnetGroups).has(name))
    throw DBSubnetGroupAlreadyExistsFault("The DB subnet group '" + name + "' already exists.");
  SubnetGroupRecord record{.shown = subnet_group(call, name, *in.DBSubnetGroupDescription, in.SubnetIds),
                           .tags = tag_map(in.Tags)};
  call.rows(kSubnetGroups).put(name, record);
  return {.DBSubnetGroup = record.shown};
}

}  // namespace landfall::rds
