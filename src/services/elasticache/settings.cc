#include "services/elasticache/settings.h"

#include <algorithm>
#include <set>

#include "services/elasticache/groups.h"

namespace landfall::elasticache {
namespace {

constexpr std::string_view kNoSnapshots = "Landfall has no snapshots of caches";
constexpr aws::Refusal kAbsent[] = {
    {"GlobalReplicationGroupId", "Landfall has no global data stores"},
    {"CacheSecurityGroupNames", "they are of EC2-Classic; give SecurityGroupIds"},
    {"SnapshotArns", kNoSnapshots},
    {"SnapshotName", kNoSnapshots},
    {"ServerlessCacheSnapshotName", kNoSnapshots},
    {"DataTieringEnabled", "Landfall's nodes keep their data in memory", "false"},
    {"NodeGroupConfiguration",
     "cluster mode is not supported by Landfall yet; give PreferredCacheClusterAZs"},
};

}  // namespace

std::span<const aws::Refusal> absent() { return kAbsent; }

void refuse(const aws::Refused& refused) {
  throw ServiceError("InvalidParameterValue", 400, refused.message());
}

void check_failover(const GroupRecord& record) {
  const bool failover = record.shown.AutomaticFailover == "enabled",
             multi_az = record.shown.MultiAZ == "enabled";
  if (failover && record.nodes.size() < 2)
    throw_conflicting(
        "When using automatic failover, there must be at least 2 cache clusters in the replication group.");
  if (!multi_az) return;
  if (!failover) throw_conflicting("Must specify automatic failover as enabled to use Multi-AZ.");
  std::set<std::string> zones;
  for (const NodeRecord& node : record.nodes) zones.insert(node.availability_zone);
  if (zones.size() < 2)
    throw_conflicting("Multi-AZ needs cache clusters in at least 2 Availability Zones: all are in " +
                      (zones.empty() ? "none" : *zones.begin()) + ".");
}

std::string checked_version(const std::string& given) {
  if (given == "7" || given == "7.x") return kEngineVersion;
  if (!given.starts_with("7."))
    throw_invalid_value("Cannot find version " + given + " for redis: this machine has Redis 7.0");
  return given;
}

void check_transit(const ReplicationGroup& group) {
  const bool tls = group.TransitEncryptionEnabled.value_or(false);
  if (group.TransitEncryptionMode && !tls)
    throw_conflicting("TransitEncryptionMode can be given only when encryption-in-transit is enabled.");
  if (group.TransitEncryptionMode.value_or("required") != "required")
    throw_invalid_value(
        "TransitEncryptionMode " + *group.TransitEncryptionMode +
        " is not supported by Landfall: its nodes take either TLS or plain connections; it can be "
        "required.");
  if (group.NetworkType.value_or("ipv4") != "ipv4" || group.IpDiscovery.value_or("ipv4") != "ipv4")
    throw_invalid_value("NetworkType and IpDiscovery must be ipv4: Landfall's caches have IPv4 only.");
}

void set_log_delivery(ReplicationGroup& group, const std::vector<LogDeliveryConfigurationRequest>& given) {
  auto& kept = group.LogDeliveryConfigurations;
  for (const LogDeliveryConfigurationRequest& request : given) {
    const std::string type = request.LogType.value_or("");
    if (type != "slow-log" && type != "engine-log") throw_invalid_value("Invalid log type: " + type);
    std::erase_if(kept, [&](const LogDeliveryConfiguration& other) { return other.LogType == type; });
    if (!request.Enabled.value_or(true)) continue;
    if (request.DestinationType != "cloudwatch-logs" || !request.DestinationDetails ||
        !request.DestinationDetails->CloudWatchLogsDetails)
      throw_invalid_value("Landfall can deliver the " + type +
                          " to cloudwatch-logs only: it has no Firehose.");
    const std::string format = request.LogFormat.value_or("");
    if (format != "json" && format != "text") throw_invalid_value("Invalid log format: " + format);
    kept.push_back({.LogType = type,
                    .DestinationType = request.DestinationType,
                    .DestinationDetails = request.DestinationDetails,
                    .LogFormat = format,
                    .Status = "active"});
  }
}

}  // namespace landfall::elasticache
