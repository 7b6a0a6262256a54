// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
// Everything is applied at once: there is no maintenance window here to wait for.
#include <algorithm>

#include "base/ascii.h"
#include "rds/operations.h"
#include "services/ec2/ec2.h"
#include "services/rds/instances.h"
#include "services/rds/master_secret.h"
#include "services/rds/parameters.h"
#include "services/rds/replicas.h"
#include "services/rds/settings.h"

namespace landfall::rds {
namespace {

void check_request(const ModifyDBInstanceMessage& in, const DBInstance& db) {
  refuse_absent(in);
  if (in.NewDBInstanceIdentifier) check_identifier(*in.NewDBInstanceIdentifier);
  check_option_group(in.OptionGroupName);
  if (in.DBSubnetGroupName && ascii_lower(*in.DBSubnetGroupName) != db.DBSubnetGroup->DBSubnetGroupName)
    throw ServiceError("InvalidParameterValue", 400,
                       "The parameter DBSubnetGroupName is not supported: Landfall cannot move an instance.");
  const bool replica = db.ReadReplicaSourceDBInstanceIdentifier.has_value();
  if (replica && (in.MasterUserPassword || in.ManageMasterUserPassword.value_or(false)))
    throw ServiceError("InvalidParameterCombination", 400,
                       "MasterUserPassword cannot be modified on a read replica: it is its source's.");
  const bool managed = in.ManageMasterUserPassword.value_or(db.MasterUserSecret.has_value());
  if (managed && in.MasterUserPassword)
    throw ServiceError(
        "InvalidParameterCombination", 400,
        "You can't specify MasterUserPassword for the instance with ManageMasterUserPassword enabled.");
  if (!managed && db.MasterUserSecret && !in.MasterUserPassword)
    throw ServiceError("InvalidParameterCombination", 400,
                       "You must specify MasterUserPassword when you turn ManageMasterUserPassword off.");
  if (!managed && in.RotateMasterUserPassword.value_or(false))
    throw ServiceError("InvalidParameterCombination", 400,
                       "RotateMasterUserPassword is for instances with ManageMasterUserPassword enabled.");
}

// True if the master password changes: the engine sets it before it serves.
bool modify_master_secret(Call& call, InstanceRecord& record, const ModifyDBInstanceMessage& in) {
  const bool has = record.shown.MasterUserSecret.has_value();
  if (in.ManageMasterUserPassword && *in.ManageMasterUserPassword != has) {
    if (has) end_master_secret(call, record);  // MasterUserPassword is given
    if (has) return false;
    record.master_password = Secret(new_master_password(call));
    begin_master_secret(call, record, in.MasterUserSecretKmsKeyId);
    return true;
  }
  if (has && in.MasterUserSecretKmsKeyId)
    record.shown.MasterUserSecret->KmsKeyId = in.MasterUserSecretKmsKeyId;
  if (!has || !in.RotateMasterUserPassword.value_or(false)) return false;
  rotate_master_secret(call, record);
  return true;
}

void modify_storage(DBInstance& db, const ModifyDBInstanceMessage& in) {
  if (in.AllocatedStorage) {
    if (*in.AllocatedStorage < *db.AllocatedStorage)
      throw ServiceError("InvalidParameterCombination", 400,
                         "Invalid storage size: allocated storage can only be increased");
    db.AllocatedStorage = in.AllocatedStorage;
  }
  if (in.StorageType && in.StorageType != db.StorageType) {
    db.StorageType = in.StorageType;
    db.Iops.reset();  // of the type that it was
    db.StorageThroughput.reset();
  }
  if (in.Iops) db.Iops = in.Iops;
  if (in.StorageThroughput) db.StorageThroughput = in.StorageThroughput;
  if (in.MaxAllocatedStorage) db.MaxAllocatedStorage = in.MaxAllocatedStorage;
  // AWS: no autoscaling is a maximum of what is allocated.
  if (db.MaxAllocatedStorage && *db.MaxAllocatedStorage <= *db.AllocatedStorage)
    db.MaxAllocatedStorage.reset();
  if (in.DedicatedLogVolume) db.DedicatedLogVolume = in.DedicatedLogVolume;
}

}  // namespace

ModifyDBInstanceResult ModifyDBInstance(Call& call, const ModifyDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  require_state(record, {"available", "stopped"});
  DBInstance& db = record.shown;
  check_request(in, db);
  const bool new_password = modify_master_secret(call, record, in) || in.MasterUserPassword;
  bool restart = new_password;
  if (in.EngineVersion) db.EngineVersion = checked_upgrade(*db.EngineVersion, *in.EngineVersion);
  if (in.NewDBInstanceIdentifier && ascii_lower(*in.NewDBInstanceIdentifier) != *db.DBInstanceIdentifier) {
    rename_instance(call, record, *in.NewDBInstanceIdentifier);
    restart = true;
  }
  if (in.DBInstanceClass && in.DBInstanceClass != db.DBInstanceClass) {
    size_of_class(*in.DBInstanceClass);
    db.DBInstanceClass = in.DBInstanceClass;
    restart = true;
  }
  if (in.MasterUserPassword) {
    if (in.MasterUserPassword->size() < 8)
      throw ServiceError("InvalidParameterValue", 400,
                         "The parameter MasterUserPassword is not a valid password because it is shorter "
                         "than 8 characters.");
    record.master_password = Secret(*in.MasterUserPassword);
    restart = true;  // the engine sets it before it serves
  }
  if (!in.VpcSecurityGroupIds.empty()) {
    ec2::set_service_interface_groups(call, record.interface_id, in.VpcSecurityGroupIds);
    db.VpcSecurityGroups.clear();
    for (const std::string& group : in.VpcSecurityGroupIds)
      db.VpcSecurityGroups.push_back({.VpcSecurityGroupId = group, .Status = "active"});
  }
  modify_storage(db, in);
  if (in.BackupRetentionPeriod) db.BackupRetentionPeriod = in.BackupRetentionPeriod;
  if (in.DeletionProtection) db.DeletionProtection = in.DeletionProtection;
  if (in.MultiAZ) db.MultiAZ = in.MultiAZ;
  if (in.PubliclyAccessible) db.PubliclyAccessible = in.PubliclyAccessible;
  if (in.CopyTagsToSnapshot) db.CopyTagsToSnapshot = in.CopyTagsToSnapshot;
  if (in.AutoMinorVersionUpgrade) db.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade;
  if (in.PreferredBackupWindow) db.PreferredBackupWindow = in.PreferredBackupWindow;
  if (in.PreferredMaintenanceWindow) db.PreferredMaintenanceWindow = in.PreferredMaintenanceWindow;
  if (in.NetworkType) db.NetworkType = in.NetworkType;
  if (in.LicenseModel) db.LicenseModel = in.LicenseModel;
  if (in.CACertificateIdentifier) db.CACertificateIdentifier = in.CACertificateIdentifier;
  if (in.MonitoringInterval) db.MonitoringInterval = in.MonitoringInterval;
  if (in.MonitoringRoleArn) db.MonitoringRoleArn = in.MonitoringRoleArn;
  if (in.EnableIAMDatabaseAuthentication)
    db.IAMDatabaseAuthenticationEnabled = in.EnableIAMDatabaseAuthentication;
  if (in.EnablePerformanceInsights) db.PerformanceInsightsEnabled = in.EnablePerformanceInsights;
  if (in.PerformanceInsightsKMSKeyId) db.PerformanceInsightsKMSKeyId = in.PerformanceInsightsKMSKeyId;
  if (in.DatabaseInsightsMode) db.DatabaseInsightsMode = in.DatabaseInsightsMode;
  if (in.PerformanceInsightsRetentionPeriod)
    db.PerformanceInsightsRetentionPeriod = in.PerformanceInsightsRetentionPeriod;
  if (in.CloudwatchLogsExportConfiguration) {
    auto& exports = db.EnabledCloudwatchLogsExports;
    for (const std::string& type : in.CloudwatchLogsExportConfiguration->DisableLogTypes)
      std::erase(exports, type);
    for (const std::string& type : in.CloudwatchLogsExportConfiguration->EnableLogTypes)
      if (std::ranges::find(exports, type) == exports.end()) exports.push_back(type);
  }
  settle(db);
  if (in.DBParameterGroupName &&
      ascii_lower(*in.DBParameterGroupName) != db.DBParameterGroups.front().DBParameterGroupName) {
    find_parameter_group(call, *in.DBParameterGroupName);
    db.DBParameterGroups.front() = {.DBParameterGroupName = ascii_lower(*in.DBParameterGroupName),
                                    .ParameterApplyStatus = "pending-reboot"};
  }
  if (in.DBPortNumber && in.DBPortNumber != db.Endpoint->Port) {
    db.Endpoint->Port = in.DBPortNumber;
    restart = true;
  }
  if (restart) {
    use_parameter_group(call, record, *db.DBParameterGroups.front().DBParameterGroupName);
    ++record.reboot_generation;
    const bool running = *db.DBInstanceStatus == "available";
    if (running) db.DBInstanceStatus = "modifying";
    desire_workload(call, record, running);
  }
  put_instance(call, record);
  if (new_password || in.DBPortNumber) follow_source(call, record);
  return {.DBInstance = db};
}

}  // namespace landfall::rds
