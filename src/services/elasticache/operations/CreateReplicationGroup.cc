// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
#include <algorithm>

#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/nodes.h"
#include "services/elasticache/parameters.h"
#include "services/elasticache/settings.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {
namespace {

int64_t check_request(const CreateReplicationGroupMessage& in) {
  const std::string id = ascii_lower(*in.ReplicationGroupId);
  const bool well_formed =
      !id.empty() && id.size() <= 40 && std::isalpha(static_cast<unsigned char>(id[0])) && id.back() != '-' &&
      id.find("--") == std::string::npos &&
      std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
  if (!well_formed)
    throw_invalid_value(
        "The parameter ReplicationGroupId is not a valid identifier. Identifiers must begin with a letter; "
        "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
        "consecutive hyphens.");
  if (in.Engine && *in.Engine != "redis")
    throw_invalid_value("Invalid engine: " + *in.Engine + ". Landfall runs redis.");
  if (in.NumNodeGroups.value_or(1) > 1 || in.ClusterMode.value_or("disabled") != "disabled")
    throw_conflicting("Cluster mode is not supported by Landfall yet: NumNodeGroups must be 1");
  const int64_t nodes =
      in.NumCacheClusters.value_or(in.ReplicasPerNodeGroup ? *in.ReplicasPerNodeGroup + 1 : 1);
  if (nodes < 1 || nodes > static_cast<int64_t>(kMaxNodes))
    throw_invalid_value("NumCacheClusters must be between 1 and 6.");
  if (in.PrimaryClusterId)
    throw ServiceError(
        "CacheClusterNotFound", 404,
        "Cache cluster " + *in.PrimaryClusterId + " is none that a replication group can begin with.");
  if (!in.PreferredCacheClusterAZs.empty() &&
      static_cast<int64_t>(in.PreferredCacheClusterAZs.size()) != nodes)
    throw_conflicting("The number of PreferredCacheClusterAZs must be the number of cache clusters.");
  if (in.AuthToken) {
    if (!in.TransitEncryptionEnabled.value_or(false))
      throw_conflicting("The AUTH token is only supported when encryption-in-transit is enabled.");
    if (in.AuthToken->size() < 16 || in.AuthToken->size() > 128)
      throw_invalid_value("AuthToken must be 16 to 128 characters.");
  }
  return nodes;
}

// Nodes go round the subnets, or where they were asked for.
std::string subnet_for(const Call& call, const CreateReplicationGroupMessage& in, size_t node,
                       const std::vector<std::string>& subnets) {
  if (in.PreferredCacheClusterAZs.empty()) return subnets[node % subnets.size()];
  const std::string& zone = in.PreferredCacheClusterAZs[node];
  for (const std::string& id : subnets)
    if (const auto subnet = ec2::find_subnet(call, id); subnet && subnet->availability_zone == zone)
      return id;
  throw_invalid_value("The cache subnet group has no subnet in Availability Zone " + zone + ".");
}

}  // namespace

CreateReplicationGroupResult CreateReplicationGroup(Call& call, const CreateReplicationGroupMessage& in) {
  refuse_absent(in);
  const int64_t count = check_request(in);
  const std::string id = ascii_lower(*in.ReplicationGroupId);
  if (call.rows(kGroups).has(id))
    throw ReplicationGroupAlreadyExistsFault("Replication group " + id + " already exists.");
  GroupRecord record;
  record.subnet_group = ascii_lower(in.CacheSubnetGroupName.value_or("default"));
  std::vector<std::string> subnets;
  if (in.CacheSubnetGroupName) {
    const auto group = call.rows(kSubnetGroups).get(record.subnet_group);
    if (!group)
      throw CacheSubnetGroupNotFoundFault("Cache Subnet Group " + record.subnet_group + " does not exist.");
    for (const Subnet& subnet : group->shown.Subnets) subnets.push_back(*subnet.SubnetIdentifier);
    record.vpc_id = *group->shown.VpcId;
  } else {
    const auto vpc = ec2::find_default_vpc(call);
    if (!vpc)
      throw ServiceError("InvalidVPCNetworkStateFault", 400, "No default VPC: name a CacheSubnetGroupName");
    record.vpc_id = vpc->vpc_id;
    for (const auto& subnet : ec2::subnets_of_vpc(call, vpc->vpc_id)) subnets.push_back(subnet.subnet_id);
  }
  record.security_group_ids = in.SecurityGroupIds;
  if (record.security_group_ids.empty())
    record.security_group_ids = {ec2::find_vpc(call, record.vpc_id)->default_group_id};
  record.port = in.Port.value_or(6379);
  record.auth_token = Secret(in.AuthToken.value_or(""));
  record.tags = tag_map(in.Tags);
  record.engine_version = checked_version(in.EngineVersion.value_or(kEngineVersion));
  record.parameter_group =
      *find_parameter_group(call, in.CacheParameterGroupName.value_or("")).shown.CacheParameterGroupName;
  if (in.PreferredMaintenanceWindow) record.maintenance_window = *in.PreferredMaintenanceWindow;
  record.notification_topic = in.NotificationTopicArn.value_or("");
  if (!in.UserGroupIds.empty()) {
    if (!in.TransitEncryptionEnabled.value_or(false))
      throw_conflicting("User group based access control requires encryption-in-transit to be enabled.");
    if (in.AuthToken) throw_conflicting("An AUTH token and user groups exclude each other.");
    if (in.UserGroupIds.size() > 1)
      throw_invalid_value("A replication group can have at most one user group.");
    find_user_group(call, in.UserGroupIds.front());
    record.shown.UserGroupIds = {ascii_lower(in.UserGroupIds.front())};
    record.replication_password = Secret(call.random().hex(48));
  }

  ReplicationGroup& group = record.shown;
  group.ReplicationGroupId = id;
  group.Description = in.ReplicationGroupDescription;
  group.Status = "creating";
  group.CacheNodeType = in.CacheNodeType.value_or("cache.t3.micro");
  memory_of_type(*group.CacheNodeType);
  group.AutomaticFailover = in.AutomaticFailoverEnabled.value_or(false) ? "enabled" : "disabled";
  group.MultiAZ = in.MultiAZEnabled.value_or(false) ? "enabled" : "disabled";
  group.ClusterEnabled = false;
  group.ClusterMode = "disabled";
  group.Engine = "redis";
  group.AuthTokenEnabled = in.AuthToken.has_value();
  group.TransitEncryptionEnabled = in.TransitEncryptionEnabled.value_or(false);
  group.AtRestEncryptionEnabled = in.AtRestEncryptionEnabled.value_or(false);
  group.SnapshotRetentionLimit = in.SnapshotRetentionLimit.value_or(0);
  group.SnapshotWindow = in.SnapshotWindow.value_or("05:00-06:00");
  group.ARN = call.arn("elasticache", "replicationgroup:" + id);
  group.ReplicationGroupCreateTime = call.now;
  group.TransitEncryptionMode = in.TransitEncryptionMode;
  if (*group.TransitEncryptionEnabled && !in.TransitEncryptionMode) group.TransitEncryptionMode = "required";
  group.KmsKeyId = in.KmsKeyId;
  group.NetworkType = in.NetworkType.value_or("ipv4");
  group.IpDiscovery = in.IpDiscovery.value_or("ipv4");
  check_transit(group);
  set_log_delivery(group, in.LogDeliveryConfigurations);
  group.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade.value_or(true);

  const std::string label = call.random().from("abcdefghijklmnopqrstuvwxyz0123456789", 6),
                    tail = ".use1.cache.amazonaws.com";
  const bool tls = *group.TransitEncryptionEnabled;
  record.primary_address = tls ? "master." + id + "." + label + tail : id + "." + label + ".ng.0001" + tail;
  record.reader_address =
      tls ? "replica." + id + "." + label + tail : id + "-ro." + label + ".ng.0001" + tail;
  for (int64_t i = 0; i < count; ++i)
    add_node(call, record, subnet_for(call, in, static_cast<size_t>(i), subnets),
             "." + label + ".0001" + tail);
  check_failover(record);
  put_names(call, record);
  if (tls) issue_certificate(call, record);
  for (const NodeRecord& node : record.nodes) desire_node(call, record, node);
  put_group(call, record);
  CreateReplicationGroupResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
