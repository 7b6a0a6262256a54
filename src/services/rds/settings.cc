#include "services/rds/settings.h"

#include <algorithm>
#include <charconv>

#include "rds/errors.h"
#include "services/rds/instances.h"
#include "services/rds/parameters.h"

namespace landfall::rds {
namespace {

constexpr std::string_view kNoDirectory = "Landfall has no directories to join",
                           kCustom = "it is of RDS Custom",
                           kOtherEngine = "it is of Oracle, Db2 or SQL Server",
                           kNoCluster = "Landfall has no DB clusters";
constexpr aws::Refusal kAbsent[] = {
    {"Domain", kNoDirectory},
    {"DomainFqdn", kNoDirectory},
    {"DomainOu", kNoDirectory},
    {"DomainAuthSecretArn", kNoDirectory},
    {"DomainDnsIps", kNoDirectory},
    {"DomainIAMRoleName", kNoDirectory},
    {"CharacterSetName", kOtherEngine},
    {"NcharCharacterSetName", kOtherEngine},
    {"Timezone", kOtherEngine},
    {"TdeCredentialArn", kOtherEngine},
    {"TdeCredentialPassword", kOtherEngine},
    {"MultiTenant", kOtherEngine, "false"},
    {"DBSystemId", kOtherEngine},
    {"ReplicaMode", kOtherEngine},
    {"AdditionalStorageVolumes", kOtherEngine},
    {"CustomIamInstanceProfile", kCustom},
    {"AutomationMode", kCustom},
    {"DBClusterIdentifier", kNoCluster},
    {"SourceDBClusterIdentifier", kNoCluster},
    {"DBClusterSnapshotIdentifier", kNoCluster},
    {"EnableCustomerOwnedIp", "Landfall has no Outposts", "false"},
    {"DBSecurityGroups", "they are of EC2-Classic; give VpcSecurityGroupIds"},
    {"ProcessorFeatures", "the class says how many processors an instance has"},
    {"UpgradeStorageConfig", "Landfall has one storage configuration", "false"},
    {"AwsBackupRecoveryPointArn", "Landfall has no AWS Backup"},
};

[[noreturn]] void conflicting(const std::string& why) {
  throw ServiceError("InvalidParameterCombination", 400, why);
}

template <class T, size_t N>
bool is_one_of(const T& value, const char* const (&names)[N]) {
  return std::ranges::find(names, std::string_view(value)) != std::end(names);
}

constexpr int64_t kLargeGp3 = 400;  // GiB: from there on gp3 is striped, and its performance can be chosen

void settle_storage(DBInstance& db) {
  const std::string type = db.StorageType.value_or("gp2");
  const int64_t gib = db.AllocatedStorage.value_or(0);
  if (!is_one_of(type, {"standard", "gp2", "gp3", "io1", "io2"}))
    throw_invalid_value("Invalid storage type: " + type);
  const bool provisioned = type == "io1" || type == "io2";
  if (provisioned) {
    if (!db.Iops || *db.Iops < 1000)
      conflicting(
          "You must specify an IOPS value of at least 1000 for engine name postgres and storage type " +
          type + ".");
    if (gib < 100)
      throw_invalid_value("Invalid storage size for engine name postgres and storage type " + type + ": " +
                          std::to_string(gib));
  }
  if (type == "gp3") {
    const bool large = gib >= kLargeGp3;
    if (!large && (db.Iops.value_or(3000) != 3000 || db.StorageThroughput.value_or(125) != 125))
      conflicting(
          "You can't specify IOPS or storage throughput for engine postgres and a storage size less than "
          "400.");
    if (!db.Iops || (large && *db.Iops < 12000)) db.Iops = large ? 12000 : 3000;
    if (!db.StorageThroughput || (large && *db.StorageThroughput < 500))
      db.StorageThroughput = large ? 500 : 125;
  } else if (db.StorageThroughput) {
    conflicting("You can't specify storage throughput for storage type " + type + ".");
  }
  if (!provisioned && type != "gp3" && db.Iops)
    conflicting("You can't specify IOPS for storage type " + type + ".");
  if (db.DedicatedLogVolume.value_or(false) && !provisioned)
    conflicting("A dedicated log volume needs Provisioned IOPS storage.");
  if (db.KmsKeyId && !db.StorageEncrypted.value_or(false))
    conflicting("KmsKeyId can be specified only with StorageEncrypted.");
}

void settle_monitoring(DBInstance& db) {
  static constexpr int64_t kIntervals[] = {0, 1, 5, 10, 15, 30, 60};
  const int64_t interval = db.MonitoringInterval.value_or(0);
  if (std::ranges::find(kIntervals, interval) == std::end(kIntervals))
    throw_invalid_value("Invalid MonitoringInterval: " + std::to_string(interval) +
                        ". Valid values are 0, 1, 5, 10, 15, 30, 60.");
  if (interval != 0 && db.MonitoringRoleArn.value_or("").empty())
    conflicting(
        "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
  if (interval == 0) db.MonitoringRoleArn.reset();
  for (const std::string& type : db.EnabledCloudwatchLogsExports)
    if (!is_one_of(type, {"postgresql", "upgrade", "iam-db-auth-error"}))
      conflicting("You cannot use the log types '" + type + "' with engine version postgres " +
                  installed_version().full + ".");
}

void settle_insights(DBInstance& db) {
  const bool enabled = db.PerformanceInsightsEnabled.value_or(false);
  if (!db.DatabaseInsightsMode) db.DatabaseInsightsMode = "standard";
  if (!enabled) {
    if (db.DatabaseInsightsMode == "advanced")
      conflicting("To enable the advanced mode of Database Insights, Performance Insights must be enabled.");
    db.PerformanceInsightsRetentionPeriod.reset();
    db.PerformanceInsightsKMSKeyId.reset();
    return;
  }
  const int64_t days = db.PerformanceInsightsRetentionPeriod.value_or(7);
  if (days != 7 && days != 731 && (days <= 0 || days % 31 != 0 || days > 23 * 31))
    throw_invalid_value("Invalid Performance Insights retention period: " + std::to_string(days) +
                        ". It is 7, 731, or a multiple of 31.");
  if (db.DatabaseInsightsMode == "advanced" && days < 465)
    conflicting(
        "The advanced mode of Database Insights needs a PerformanceInsightsRetentionPeriod of 465 days or "
        "more.");
  db.PerformanceInsightsRetentionPeriod = days;
}

}  // namespace

std::span<const aws::Refusal> absent() { return kAbsent; }

void refuse(const aws::Refused& refused) {
  throw ServiceError("InvalidParameterValue", 400, refused.message());
}

void settle(DBInstance& db) {
  settle_storage(db);
  settle_monitoring(db);
  settle_insights(db);
  if (db.NetworkType.value_or("IPV4") != "IPV4")
    throw_invalid_value("Invalid NetworkType: " + *db.NetworkType + ". Landfall's databases have IPv4 only.");
  if (db.BackupTarget.value_or("region") != "region")
    throw_invalid_value("Invalid BackupTarget: " + *db.BackupTarget + ". Landfall has no Outposts.");
  if (db.LicenseModel.value_or("postgresql-license") != "postgresql-license")
    throw_invalid_value("Invalid license model '" + *db.LicenseModel + "' for engine 'postgres'.");
  if (!is_one_of(db.CACertificateIdentifier.value_or("rds-ca-rsa2048-g1"),
                 {"rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"}))
    throw CertificateNotFoundFault("Certificate " + *db.CACertificateIdentifier + " not found.");
  if (!is_one_of(db.EngineLifecycleSupport.value_or("open-source-rds-extended-support"),
                 {"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"}))
    throw_invalid_value("Invalid EngineLifecycleSupport: " + *db.EngineLifecycleSupport);
}

void check_option_group(const std::optional<std::string>& name) {
  if (name && !name->empty() && *name != "default:postgres-" + installed_version().major)
    throw OptionGroupNotFoundFault("Specified OptionGroupName: " + *name + " not found.");
}

// "15.20": 20; 0 where there is none.
static int64_t minor_of(const std::string& version) {
  int64_t minor = 0;
  if (const size_t dot = version.find('.'); dot != std::string::npos)
    std::from_chars(version.data() + dot + 1, version.data() + version.size(), minor);
  return minor;
}

std::string checked_upgrade(const std::string& now, const std::string& version) {
  const std::string wanted = checked_version(version);
  if (version.empty() || version == installed_version().major) return now;  // nothing of the minor version
  if (minor_of(wanted) < minor_of(now)) conflicting("Cannot upgrade postgres from " + now + " to " + wanted);
  return wanted;
}

std::string checked_version(const std::optional<std::string>& version) {
  const auto& [major, full] = installed_version();
  const std::string given = version.value_or("");  // Terraform sends an empty one where none is configured
  if (given.empty() || given == major) return full;
  if (!given.starts_with(major + ".") || (full != major && minor_of(given) > minor_of(full)))
    throw_invalid_value("Cannot find version " + given + " for postgres: this machine has PostgreSQL " +
                        full);
  return given;
}

void check_identifier(const std::string& id) {
  const bool well_formed =
      !id.empty() && id.size() <= 63 && std::isalpha(static_cast<unsigned char>(id[0])) && id.back() != '-' &&
      id.find("--") == std::string::npos &&
      std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
  if (!well_formed)
    throw_invalid_value(
        "The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a letter; "
        "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
        "consecutive hyphens.");
}

}  // namespace landfall::rds
