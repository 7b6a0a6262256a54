// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

aws::Empty DeleteDBSubnetGroup(Call& call, const DeleteDBSubnetGroupMessage& in) {
  const std::string name = ascii_lower(*in.DBSubnetGroupName);
  if (!call.rows(kSubnetGroups).has(name))
    throw DBSubnetGroupNotFoundFault("DBSubnetGroup " + name + " not found.");
  call.rows(kInstances).each([&](std::string_view id, const InstanceRecord& record) {
    if (record.shown.DBSubnetGroup && record.shown.DBSubnetGroup->DBSubnetGroupName == name)
      throw InvalidDBSubnetGroupStateFault("Cannot delete the subnet group '" + name +
                                           "' because at least one database instance: " + std::string(id) +
                                           " is still using it.");
  });
  call.rows(kSubnetGroups).erase(name);
  return {};
}

}  // namespace landfall::rds
