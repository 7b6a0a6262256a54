// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

DeleteDBInstanceResult DeleteDBInstance(Call& call, const DeleteDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  if (record.shown.DeletionProtection.value_or(false))
    throw ServiceError(
        "InvalidParameterCombination", 400,
        "Cannot delete protected DB Instance, please disable deletion protection and try again.");
  if (!in.SkipFinalSnapshot.value_or(false))
    throw ServiceError("InvalidParameterCombination", 400,
                       in.FinalDBSnapshotIdentifier
                           ? "Landfall makes no snapshots yet: delete with SkipFinalSnapshot"
                           : "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
  if (*record.shown.DBInstanceStatus == "deleting")
    throw ServiceError("InvalidDBInstanceState", 400,
                       "Instance " + *record.shown.DBInstanceIdentifier + " is already being deleted.");
  record.shown.DBInstanceStatus = "deleting";
  undesire(call.txn, "Workload", workload_id(record));
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
