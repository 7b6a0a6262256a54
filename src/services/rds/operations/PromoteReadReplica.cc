// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/replicas.h"

namespace landfall::rds {

PromoteReadReplicaResult PromoteReadReplica(Call& call, const PromoteReadReplicaMessage& in) {
  InstanceRecord replica = find_instance(call, *in.DBInstanceIdentifier);
  require_state(replica, {"available"});
  if (!replica.shown.ReadReplicaSourceDBInstanceIdentifier)
    throw InvalidDBInstanceStateFault(
        "DB Instance is not a read replica: " + *replica.shown.DBInstanceIdentifier + ".");
  forget_replica(call, *replica.shown.ReadReplicaSourceDBInstanceIdentifier,
                 *replica.shown.DBInstanceIdentifier);
  replica.shown.BackupRetentionPeriod = in.BackupRetentionPeriod.value_or(1);
  if (in.PreferredBackupWindow) replica.shown.PreferredBackupWindow = in.PreferredBackupWindow;
  promote(call, replica);
  return {.DBInstance = replica.shown};
}

}  // namespace landfall::rds
