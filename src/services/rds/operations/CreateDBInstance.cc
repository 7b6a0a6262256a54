// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
#include <algorithm>

#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/ec2/ec2.h"
#include "services/rds/instances.h"
#include "services/rds/master_secret.h"
#include "services/rds/parameters.h"
#include "services/rds/settings.h"

namespace landfall::rds {
namespace {

void check_request(const CreateDBInstanceMessage& in) {
  check_identifier(*in.DBInstanceIdentifier);
  if (*in.Engine != "postgres")
    throw_invalid_value("Invalid DB engine: " + *in.Engine + ". Landfall runs postgres.");
  const bool managed = in.ManageMasterUserPassword.value_or(false);
  if (!in.MasterUsername || (!in.MasterUserPassword && !managed))
    throw_invalid_value("The parameters MasterUsername and MasterUserPassword must be provided.");
  if (in.MasterUserPassword && managed)
    throw ServiceError(
        "InvalidParameterCombination", 400,
        "You can't specify MasterUserPassword for the instance with ManageMasterUserPassword enabled.");
  if (in.MasterUserSecretKmsKeyId && !managed)
    throw ServiceError("InvalidParameterCombination", 400,
                       "MasterUserSecretKmsKeyId can be specified only with ManageMasterUserPassword.");
  if (in.MultiAZ.value_or(false) && in.AvailabilityZone)
    throw ServiceError("InvalidParameterCombination", 400,
                       "Requesting a specific availability zone is not valid for Multi-AZ instances.");
  const std::string& password = in.MasterUserPassword.value_or("made-by-rds");
  if (password.size() < 8 || password.size() > 128)
    throw_invalid_value(
        "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.");
  if (password.find_first_of("/@\" ") != std::string::npos)
    throw_invalid_value(
        "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides "
        "'/', '@', '\"', ' ' may be used.");
  static constexpr std::string_view kReserved[] = {"rdsadmin", "admin", "postgres"};
  if (std::ranges::find(kReserved, ascii_lower(*in.MasterUsername)) != std::end(kReserved))
    throw_invalid_value("MasterUsername " + *in.MasterUsername +
                        " cannot be used as it is a reserved word used by the engine");
  if (!in.AllocatedStorage || *in.AllocatedStorage < 20)
    throw_invalid_value("Invalid storage size for engine name postgres and storage type gp2: " +
                        std::to_string(in.AllocatedStorage.value_or(0)));
  const int64_t port = in.Port.value_or(5432);
  if (port < 1150 || port > 65535)
    throw_invalid_value("Invalid port: " + std::to_string(port) + ". It must be 1150 to 65535.");
  check_option_group(in.OptionGroupName);
  if (in.MasterUserAuthenticationType.value_or("password") != "password")
    throw_invalid_value("Invalid MasterUserAuthenticationType: Landfall's databases know passwords only.");
}

// The group that was named, or the default VPC's subnets.
DBSubnetGroup group_for(const Call& call, const CreateDBInstanceMessage& in) {
  if (in.DBSubnetGroupName) {
    const auto stored = call.rows(kSubnetGroups).get(ascii_lower(*in.DBSubnetGroupName));
    if (!stored) throw DBSubnetGroupNotFoundFault("DBSubnetGroup " + *in.DBSubnetGroupName + " not found.");
    return stored->shown;
  }
  const auto vpc = ec2::find_default_vpc(call);
  if (!vpc)
    throw ServiceError("InvalidVPCNetworkStateFault", 400, "No default VPC: name a DBSubnetGroupName");
  std::vector<std::string> ids;
  for (const auto& subnet : ec2::subnets_of_vpc(call, vpc->vpc_id)) ids.push_back(subnet.subnet_id);
  return subnet_group(call, "default", "default", ids);
}

}  // namespace

CreateDBInstanceResult CreateDBInstance(Call& call, const CreateDBInstanceMessage& in) {
  refuse_absent(in);
  check_request(in);
  size_of_class(*in.DBInstanceClass);
  const std::string id = ascii_lower(*in.DBInstanceIdentifier);
  if (call.rows(kInstances).has(id)) throw DBInstanceAlreadyExistsFault("DB instance already exists");
  InstanceRecord record;
  DBInstance& db = record.shown;
  db.DBSubnetGroup = group_for(call, in);
  record.vpc_id = *db.DBSubnetGroup->VpcId;
  std::string subnet_id;
  for (const Subnet& subnet : db.DBSubnetGroup->Subnets) {
    record.subnet_ids.push_back(*subnet.SubnetIdentifier);
    if (subnet_id.empty() &&
        (!in.AvailabilityZone || subnet.SubnetAvailabilityZone->Name == in.AvailabilityZone))
      subnet_id = *subnet.SubnetIdentifier;
  }
  if (subnet_id.empty())
    throw_invalid_value("The DB subnet group has no subnet in Availability Zone " + *in.AvailabilityZone);
  db.DbiResourceId = "db-" + call.random().from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26);
  std::vector<std::string> groups = in.VpcSecurityGroupIds;
  if (groups.empty()) groups = {ec2::find_vpc(call, record.vpc_id)->default_group_id};
  const auto interface = ec2::create_service_interface(call, {.subnet_id = subnet_id,
                                                              .group_ids = groups,
                                                              .attachment = ec2::Attachment::workload,
                                                              .workload_id = *db.DbiResourceId,
                                                              .description = "RDSNetworkInterface",
                                                              .requester = "amazon-rds"});
  record.interface_id = interface.interface_id;
  record.private_ip = interface.private_ip;
  record.volume = ascii_lower(*db.DbiResourceId);
  record.replication_volume = record.volume + "-replication";
  record.replication_password = Secret(call.random().hex(32));
  record.master_password = Secret(in.MasterUserPassword ? *in.MasterUserPassword : new_master_password(call));

  db.DBInstanceIdentifier = id;
  db.DBInstanceClass = in.DBInstanceClass;
  db.Engine = "postgres";
  db.EngineVersion = checked_version(in.EngineVersion);
  db.DBInstanceStatus = "creating";
  db.MasterUsername = in.MasterUsername;
  db.DBName = in.DBName;
  db.AllocatedStorage = in.AllocatedStorage;
  // One label for an account and region, as RDS has it; the name is the same after a restart.
  const std::string address =
      id + ".c" + db.DbiResourceId->substr(3, 11) + "." + call.region + ".rds.amazonaws.com";
  db.Endpoint = Endpoint{
      .Address = ascii_lower(address), .Port = in.Port.value_or(5432), .HostedZoneId = "Z2R2ITUGPM61AM"};
  db.AvailabilityZone = interface.availability_zone;
  for (const std::string& group : groups)
    db.VpcSecurityGroups.push_back({.VpcSecurityGroupId = group, .Status = "active"});
  db.PreferredBackupWindow = in.PreferredBackupWindow.value_or("03:00-03:30");
  db.PreferredMaintenanceWindow = in.PreferredMaintenanceWindow.value_or("sun:05:00-sun:05:30");
  db.BackupRetentionPeriod = in.BackupRetentionPeriod.value_or(1);
  use_parameter_group(call, record, in.DBParameterGroupName.value_or(default_group_name()));
  db.OptionGroupMemberships = {
      {.OptionGroupName = "default:postgres-" + installed_version().major, .Status = "in-sync"}};
  db.Iops = in.Iops;
  db.StorageThroughput = in.StorageThroughput;
  db.MaxAllocatedStorage = in.MaxAllocatedStorage;
  db.KmsKeyId = in.KmsKeyId;
  db.EnabledCloudwatchLogsExports = in.EnableCloudwatchLogsExports;
  db.MonitoringInterval = in.MonitoringInterval.value_or(0);
  db.MonitoringRoleArn = in.MonitoringRoleArn;
  db.PerformanceInsightsEnabled = in.EnablePerformanceInsights.value_or(false);
  db.PerformanceInsightsRetentionPeriod = in.PerformanceInsightsRetentionPeriod;
  db.PerformanceInsightsKMSKeyId = in.PerformanceInsightsKMSKeyId;
  db.DatabaseInsightsMode = in.DatabaseInsightsMode;
  db.DedicatedLogVolume = in.DedicatedLogVolume.value_or(false);
  db.BackupTarget = in.BackupTarget.value_or("region");
  db.EngineLifecycleSupport = in.EngineLifecycleSupport.value_or("open-source-rds-extended-support");
  db.MultiAZ = in.MultiAZ.value_or(false);
  db.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade.value_or(true);
  db.LicenseModel = in.LicenseModel.value_or("postgresql-license");
  db.PubliclyAccessible = in.PubliclyAccessible.value_or(false);
  db.StorageType = in.StorageType.value_or("gp2");
  db.StorageEncrypted = in.StorageEncrypted.value_or(false);
  db.DbInstancePort = 0;
  db.CACertificateIdentifier = in.CACertificateIdentifier.value_or("rds-ca-rsa2048-g1");
  db.CopyTagsToSnapshot = in.CopyTagsToSnapshot.value_or(false);
  db.DeletionProtection = in.DeletionProtection.value_or(false);
  db.IAMDatabaseAuthenticationEnabled = in.EnableIAMDatabaseAuthentication.value_or(false);
  db.DBInstanceArn = call.arn("rds", "db:" + id);
  db.NetworkType = in.NetworkType.value_or("IPV4");
  settle(db);
  if (in.ManageMasterUserPassword.value_or(false))
    begin_master_secret(call, record, in.MasterUserSecretKmsKeyId);
  record.tags = tag_map(in.Tags);
  db.TagList = shown_tags(record.tags);
  name_instance(call, record);
  desire_workload(call, record, true);
  put_instance(call, record);
  return {.DBInstance = db};
}

}  // namespace landfall::rds
