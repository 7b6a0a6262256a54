// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
// Everything is applied at once: there is no maintenance window here to wait for.
#include <algorithm>

#include "base/ascii.h"
#include "rds/operations.h"
#include "services/ec2/ec2.h"
#include "services/rds/instances.h"
#include "services/rds/parameters.h"
#include "services/rds/replicas.h"

namespace landfall::rds {

ModifyDBInstanceResult ModifyDBInstance(Call& call, const ModifyDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  require_state(record, {"available", "stopped"});
  DBInstance& db = record.shown;
  bool restart = false;
  if (in.DBInstanceClass && in.DBInstanceClass != db.DBInstanceClass) {
    size_of_class(*in.DBInstanceClass);
    db.DBInstanceClass = in.DBInstanceClass;
    restart = true;
  }
  if (in.MasterUserPassword && db.ReadReplicaSourceDBInstanceIdentifier)
    throw ServiceError("InvalidParameterCombination", 400,
                       "MasterUserPassword cannot be modified on a read replica: it is its source's.");
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
  if (in.AllocatedStorage) {
    if (*in.AllocatedStorage < *db.AllocatedStorage)
      throw ServiceError("InvalidParameterCombination", 400,
                         "Invalid storage size: allocated storage can only be increased");
    db.AllocatedStorage = in.AllocatedStorage;
  }
  if (in.BackupRetentionPeriod) db.BackupRetentionPeriod = in.BackupRetentionPeriod;
  if (in.DeletionProtection) db.DeletionProtection = in.DeletionProtection;
  if (in.MultiAZ) db.MultiAZ = in.MultiAZ;
  if (in.PubliclyAccessible) db.PubliclyAccessible = in.PubliclyAccessible;
  if (in.CopyTagsToSnapshot) db.CopyTagsToSnapshot = in.CopyTagsToSnapshot;
  if (in.AutoMinorVersionUpgrade) db.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade;
  if (in.PreferredBackupWindow) db.PreferredBackupWindow = in.PreferredBackupWindow;
  if (in.PreferredMaintenanceWindow) db.PreferredMaintenanceWindow = in.PreferredMaintenanceWindow;
  if (in.StorageType) db.StorageType = in.StorageType;
  if (in.Iops) db.Iops = in.Iops;
  if (in.StorageThroughput) db.StorageThroughput = in.StorageThroughput;
  if (in.MaxAllocatedStorage) db.MaxAllocatedStorage = in.MaxAllocatedStorage;
  // AWS: no autoscaling is a maximum of what is allocated.
  if (db.MaxAllocatedStorage && *db.MaxAllocatedStorage <= *db.AllocatedStorage)
    db.MaxAllocatedStorage.reset();
  if (in.CACertificateIdentifier) db.CACertificateIdentifier = in.CACertificateIdentifier;
  if (in.MonitoringInterval) db.MonitoringInterval = in.MonitoringInterval;
  if (in.MonitoringRoleArn) db.MonitoringRoleArn = in.MonitoringRoleArn;
  if (in.EnableIAMDatabaseAuthentication)
    db.IAMDatabaseAuthenticationEnabled = in.EnableIAMDatabaseAuthentication;
  if (in.EnablePerformanceInsights) db.PerformanceInsightsEnabled = in.EnablePerformanceInsights;
  if (in.PerformanceInsightsRetentionPeriod)
    db.PerformanceInsightsRetentionPeriod = in.PerformanceInsightsRetentionPeriod;
  if (in.CloudwatchLogsExportConfiguration) {
    auto& exports = db.EnabledCloudwatchLogsExports;
    for (const std::string& type : in.CloudwatchLogsExportConfiguration->DisableLogTypes)
      std::erase(exports, type);
    for (const std::string& type : in.CloudwatchLogsExportConfiguration->EnableLogTypes)
      if (std::ranges::find(exports, type) == exports.end()) exports.push_back(type);
  }
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
  if (in.MasterUserPassword || in.DBPortNumber) follow_source(call, record);
  return {.DBInstance = db};
}

}  // namespace landfall::rds
