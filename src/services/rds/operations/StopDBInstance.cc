// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StopDBInstance.html
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

StopDBInstanceResult StopDBInstance(Call& call, const StopDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  require_state(record, {"available"});
  if (record.shown.ReadReplicaSourceDBInstanceIdentifier ||
      !record.shown.ReadReplicaDBInstanceIdentifiers.empty())
    throw InvalidDBInstanceStateFault("Cannot stop or start a read replica or an instance that has one: " +
                                      *record.shown.DBInstanceIdentifier + ".");
  record.shown.DBInstanceStatus = "stopping";
  desire_workload(call, record, false);
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
