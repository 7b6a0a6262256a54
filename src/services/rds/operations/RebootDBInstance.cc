// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RebootDBInstance.html
#include "rds/operations.h"
#include "services/rds/instances.h"
#include "services/rds/parameters.h"

namespace landfall::rds {

RebootDBInstanceResult RebootDBInstance(Call& call, const RebootDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  require_state(record, {"available"});
  if (in.ForceFailover.value_or(false))
    throw ServiceError("InvalidParameterCombination", 400,
                       "Cannot force failover: the instance has no standby");
  ++record.reboot_generation;
  record.shown.DBInstanceStatus = "rebooting";
  use_parameter_group(call, record, *record.shown.DBParameterGroups.front().DBParameterGroupName);
  desire_workload(call, record, true);
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
