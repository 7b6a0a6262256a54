// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

ModifyDBSubnetGroupResult ModifyDBSubnetGroup(Call& call, const ModifyDBSubnetGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBSubnetGroupName);
  const auto stored = call.rows(kSubnetGroups).get(name);
  if (!stored) throw DBSubnetGroupNotFoundFault("DBSubnetGroup " + name + " not found.");
  SubnetGroupRecord record = *stored;
  record.shown =
      subnet_group(call, name, in.DBSubnetGroupDescription.value_or(*stored->shown.DBSubnetGroupDescription),
                   in.SubnetIds);
  call.rows(kSubnetGroups).put(name, record);
  return {.DBSubnetGroup = record.shown};
}

}  // namespace landfall::rds
