// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/settings.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

RestoreDBInstanceFromDBSnapshotResult RestoreDBInstanceFromDBSnapshot(
    Call& call, const RestoreDBInstanceFromDBSnapshotMessage& in) {
  refuse_absent(in);
  if (!in.DBSnapshotIdentifier)
    throw ServiceError("InvalidParameterCombination", 400, "DBSnapshotIdentifier is required.");
  const SnapshotRecord snapshot = find_snapshot(call, *in.DBSnapshotIdentifier);
  if (snapshot.shown.Status != "available")
    throw InvalidDBSnapshotStateFault("The snapshot is not in the available state.");
  CreateDBInstanceMessage create;
  create.DBInstanceIdentifier = in.DBInstanceIdentifier;
  create.Engine = in.Engine.value_or("postgres");
  create.EngineVersion = snapshot.shown.EngineVersion;
  create.DBInstanceClass = in.DBInstanceClass.value_or(snapshot.instance_class);
  create.AllocatedStorage = in.AllocatedStorage ? in.AllocatedStorage : snapshot.shown.AllocatedStorage;
  create.MasterUsername = snapshot.shown.MasterUsername;
  if (in.ManageMasterUserPassword.value_or(false)) {
    create.ManageMasterUserPassword = true;  // the engine sets it over the one that the snapshot has
    create.MasterUserSecretKmsKeyId = in.MasterUserSecretKmsKeyId;
  } else {
    create.MasterUserPassword = snapshot.master_password.reveal();
  }
  create.Port = in.Port ? in.Port : snapshot.shown.Port;
  create.AvailabilityZone = in.AvailabilityZone;
  create.DBSubnetGroupName = in.DBSubnetGroupName;
  create.MultiAZ = in.MultiAZ;
  create.PubliclyAccessible = in.PubliclyAccessible;
  create.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade;
  create.Tags = in.Tags;
  create.StorageType = in.StorageType ? in.StorageType : snapshot.shown.StorageType;
  const bool same_storage = create.StorageType == snapshot.shown.StorageType;
  create.Iops = in.Iops || !same_storage ? in.Iops : snapshot.shown.Iops;
  create.StorageThroughput =
      in.StorageThroughput || !same_storage ? in.StorageThroughput : snapshot.shown.StorageThroughput;
  create.StorageEncrypted = snapshot.shown.Encrypted;
  create.KmsKeyId = snapshot.shown.KmsKeyId;
  create.DedicatedLogVolume = in.DedicatedLogVolume;
  create.LicenseModel = in.LicenseModel;
  create.OptionGroupName = in.OptionGroupName;
  create.NetworkType = in.NetworkType;
  create.BackupTarget = in.BackupTarget;
  create.EngineLifecycleSupport = in.EngineLifecycleSupport;
  create.CACertificateIdentifier = in.CACertificateIdentifier;
  create.EnableIAMDatabaseAuthentication = in.EnableIAMDatabaseAuthentication;
  create.EnableCloudwatchLogsExports = in.EnableCloudwatchLogsExports;
  create.VpcSecurityGroupIds = in.VpcSecurityGroupIds;
  create.CopyTagsToSnapshot = in.CopyTagsToSnapshot;
  create.DBParameterGroupName = in.DBParameterGroupName;
  create.DeletionProtection = in.DeletionProtection;
  create.BackupRetentionPeriod = in.BackupRetentionPeriod;
  create.PreferredBackupWindow = in.PreferredBackupWindow;
  CreateDBInstance(call, create);
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  record.restore_volume = snapshot.volume;
  desire_workload(call, record, true);
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
