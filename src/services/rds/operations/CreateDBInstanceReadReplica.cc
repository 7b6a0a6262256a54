// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/replicas.h"
#include "services/rds/settings.h"

namespace landfall::rds {
namespace {

// By identifier, or by ARN: of this account and region.
std::string source_identifier(const Call& call, const CreateDBInstanceReadReplicaMessage& in) {
  if (!in.SourceDBInstanceIdentifier)
    throw ServiceError("InvalidParameterCombination", 400,
                       "SourceDBInstanceIdentifier is required (Landfall has no DB clusters).");
  const std::string& given = *in.SourceDBInstanceIdentifier;
  if (!given.starts_with("arn:")) return given;
  const std::string prefix = call.arn("rds", "db:");
  if (!given.starts_with(prefix))
    throw ServiceError("InvalidParameterValue", 400,
                       "Landfall makes read replicas within an account and a region only: " + given);
  return given.substr(prefix.size());
}

void check_source(const InstanceRecord& source) {
  require_state(source, {"available"});
  if (source.shown.BackupRetentionPeriod.value_or(0) == 0 &&
      !source.shown.ReadReplicaSourceDBInstanceIdentifier)
    throw InvalidDBInstanceStateFault(
        "Automated backups are not enabled for this database instance. To enable automated backups, use "
        "ModifyDBInstance to set the backup retention period to a non-zero value.");
}

// What is not given is as the source has it.
CreateDBInstanceMessage request_for(const CreateDBInstanceReadReplicaMessage& in,
                                    const InstanceRecord& source) {
  const DBInstance& from = source.shown;
  CreateDBInstanceMessage create;
  create.DBInstanceIdentifier = in.DBInstanceIdentifier;
  create.Engine = from.Engine;
  create.EngineVersion = from.EngineVersion;
  create.DBInstanceClass = in.DBInstanceClass ? in.DBInstanceClass : from.DBInstanceClass;
  create.AllocatedStorage = in.AllocatedStorage ? in.AllocatedStorage : from.AllocatedStorage;
  create.MaxAllocatedStorage = in.MaxAllocatedStorage;
  create.MasterUsername = from.MasterUsername;
  create.MasterUserPassword = source.master_password.reveal();
  create.DBName = from.DBName;
  create.Port = in.Port ? in.Port : from.Endpoint->Port;
  create.AvailabilityZone = in.AvailabilityZone;
  const auto& group = from.DBSubnetGroup->DBSubnetGroupName;
  create.DBSubnetGroupName = in.DBSubnetGroupName ? in.DBSubnetGroupName : group;
  if (create.DBSubnetGroupName == "default") create.DBSubnetGroupName.reset();
  create.VpcSecurityGroupIds = in.VpcSecurityGroupIds;
  create.MultiAZ = in.MultiAZ;
  create.PubliclyAccessible = in.PubliclyAccessible;
  create.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade;
  create.StorageType = in.StorageType ? in.StorageType : from.StorageType;
  create.StorageEncrypted = from.StorageEncrypted;
  create.KmsKeyId = in.KmsKeyId ? in.KmsKeyId : from.KmsKeyId;
  const bool same_storage = create.StorageType == from.StorageType;
  create.Iops = in.Iops || !same_storage ? in.Iops : from.Iops;
  create.StorageThroughput =
      in.StorageThroughput || !same_storage ? in.StorageThroughput : from.StorageThroughput;
  create.DedicatedLogVolume = in.DedicatedLogVolume;
  create.OptionGroupName = in.OptionGroupName;
  create.BackupTarget = in.BackupTarget;
  create.CopyTagsToSnapshot = in.CopyTagsToSnapshot;
  create.DeletionProtection = in.DeletionProtection;
  create.MonitoringInterval = in.MonitoringInterval;
  create.MonitoringRoleArn = in.MonitoringRoleArn;
  create.EnableIAMDatabaseAuthentication = in.EnableIAMDatabaseAuthentication;
  create.EnablePerformanceInsights = in.EnablePerformanceInsights;
  create.PerformanceInsightsKMSKeyId = in.PerformanceInsightsKMSKeyId;
  create.DatabaseInsightsMode = in.DatabaseInsightsMode;
  create.PerformanceInsightsRetentionPeriod = in.PerformanceInsightsRetentionPeriod;
  create.EnableCloudwatchLogsExports = in.EnableCloudwatchLogsExports;
  create.CACertificateIdentifier = in.CACertificateIdentifier;
  create.NetworkType = in.NetworkType;
  create.Tags = in.Tags;
  create.BackupRetentionPeriod = 0;
  create.PreferredBackupWindow = from.PreferredBackupWindow;
  create.DBParameterGroupName =
      in.DBParameterGroupName ? in.DBParameterGroupName : from.DBParameterGroups.front().DBParameterGroupName;
  return create;
}

}  // namespace

CreateDBInstanceReadReplicaResult CreateDBInstanceReadReplica(Call& call,
                                                              const CreateDBInstanceReadReplicaMessage& in) {
  refuse_absent(in);
  InstanceRecord source = find_instance(call, source_identifier(call, in));
  check_source(source);
  CreateDBInstance(call, request_for(in, source));
  source.shown.ReadReplicaDBInstanceIdentifiers.push_back(ascii_lower(*in.DBInstanceIdentifier));
  prepare_source(call, source);
  InstanceRecord replica = find_instance(call, *in.DBInstanceIdentifier);
  replica.shown.ReadReplicaSourceDBInstanceIdentifier = source.shown.DBInstanceIdentifier;
  replica.replication_password = source.replication_password;
  desire_workload(call, replica, true);
  put_instance(call, replica);
  return {.DBInstance = replica.shown};
}

}  // namespace landfall::rds
