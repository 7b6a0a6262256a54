// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
#include "rds/operations.h"
#include "services/rds/instances.h"
#include "services/rds/master_secret.h"
#include "services/rds/replicas.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DeleteDBInstanceResult DeleteDBInstance(Call& call, const DeleteDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  if (record.shown.DeletionProtection.value_or(false))
    throw ServiceError(
        "InvalidParameterCombination", 400,
        "Cannot delete protected DB Instance, please disable deletion protection and try again.");
  const bool replica = record.shown.ReadReplicaSourceDBInstanceIdentifier.has_value();
  if (replica && in.FinalDBSnapshotIdentifier)
    throw ServiceError("InvalidParameterCombination", 400,
                       "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance.");
  const bool skip = in.SkipFinalSnapshot.value_or(false) || replica;
  if (!skip && !in.FinalDBSnapshotIdentifier)
    throw ServiceError("InvalidParameterCombination", 400,
                       "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
  if (skip && in.FinalDBSnapshotIdentifier)
    throw ServiceError("InvalidParameterCombination", 400,
                       "FinalDBSnapshotIdentifier can not be specified when deleting an instance with "
                       "SkipFinalSnapshot.");
  if (*record.shown.DBInstanceStatus == "deleting")
    throw ServiceError("InvalidDBInstanceState", 400,
                       "Instance " + *record.shown.DBInstanceIdentifier + " is already being deleted.");
  end_master_secret(call, record);
  leave_replication(call, record);
  if (!skip) {
    require_state(record, {"available"});
    begin_snapshot(call, record, *in.FinalDBSnapshotIdentifier, record.tags);
    record.shown.DBInstanceStatus = "deleting";  // the reconciler goes on when the snapshot is there
    put_instance(call, record);
    return {.DBInstance = record.shown};
  }
  if (!record.snapshot_id.empty()) abandon_snapshot(call, record);
  record.shown.DBInstanceStatus = "deleting";
  undesire(call.txn, "Workload", workload_id(record));
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
