#include "services/elasticache/groups.h"

#include <array>

#include "base/ascii.h"
#include "codec/fields.h"
#include "elasticache/errors.h"
#include "engines/engine.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/parameters.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {
namespace {

// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
struct TypeRow {
  std::string_view name;
  double memory_gib;
};
constexpr std::array kTypes{
    TypeRow{"t2.micro", 0.555}, TypeRow{"t2.small", 1.55},   TypeRow{"t2.medium", 3.22},
    TypeRow{"t3.micro", 0.5},   TypeRow{"t3.small", 1.37},   TypeRow{"t3.medium", 3.09},
    TypeRow{"t4g.micro", 0.5},  TypeRow{"t4g.small", 1.37},  TypeRow{"t4g.medium", 3.09},
    TypeRow{"m5.large", 6.38},  TypeRow{"m6g.large", 6.38},  TypeRow{"m7g.large", 6.38},
    TypeRow{"r5.large", 13.07}, TypeRow{"r6g.large", 13.07}, TypeRow{"r7g.large", 13.07}};

}  // namespace

void throw_invalid_value(const std::string& why) { throw ServiceError("InvalidParameterValue", 400, why); }
void throw_conflicting(const std::string& why) {
  throw ServiceError("InvalidParameterCombination", 400, why);
}

GroupRecord find_group(const Call& call, std::string_view id) {
  const auto stored = call.rows(kGroups).get(ascii_lower(id));
  if (!stored) throw ReplicationGroupNotFoundFault("ReplicationGroup " + std::string(id) + " not found.");
  return *stored;
}

void put_group(Call& call, const GroupRecord& record) {
  call.rows(kGroups).put(*record.shown.ReplicationGroupId, record);
}

ReplicationGroup shown(const GroupRecord& record) {
  ReplicationGroup group = record.shown;
  NodeGroup node_group{.NodeGroupId = "0001", .Status = group.Status};
  node_group.PrimaryEndpoint = Endpoint{.Address = record.primary_address, .Port = record.port};
  node_group.ReaderEndpoint = Endpoint{.Address = record.reader_address, .Port = record.port};
  for (const NodeRecord& node : record.nodes) {
    group.MemberClusters.push_back(node.cache_cluster_id);
    node_group.NodeGroupMembers.push_back(
        {.CacheClusterId = node.cache_cluster_id,
         .CacheNodeId = "0001",
         .ReadEndpoint = Endpoint{.Address = node.address, .Port = record.port},
         .PreferredAvailabilityZone = node.availability_zone,
         .CurrentRole = node.primary ? "primary" : "replica"});
  }
  group.NodeGroups.push_back(std::move(node_group));
  return group;
}

CacheCluster shown_cluster(const GroupRecord& record, const NodeRecord& node, bool with_nodes) {
  CacheCluster cluster;
  cluster.CacheClusterId = node.cache_cluster_id;
  cluster.CacheNodeType = record.shown.CacheNodeType;
  cluster.Engine = "redis";
  cluster.EngineVersion = record.engine_version;
  cluster.CacheClusterStatus = node.ready ? "available" : record.shown.Status;
  cluster.NumCacheNodes = 1;
  cluster.PreferredAvailabilityZone = node.availability_zone;
  cluster.CacheClusterCreateTime = record.shown.ReplicationGroupCreateTime;
  cluster.CacheSubnetGroupName = record.subnet_group;
  cluster.ReplicationGroupId = record.shown.ReplicationGroupId;
  cluster.AutoMinorVersionUpgrade = record.shown.AutoMinorVersionUpgrade;
  cluster.CacheParameterGroup = CacheParameterGroupStatus{.CacheParameterGroupName = record.parameter_group,
                                                          .ParameterApplyStatus = "in-sync"};
  cluster.PreferredMaintenanceWindow = record.maintenance_window;
  cluster.SnapshotRetentionLimit = node.primary ? record.shown.SnapshotRetentionLimit.value_or(0) : 0;
  cluster.SnapshotWindow = record.shown.SnapshotWindow;
  if (!record.notification_topic.empty())
    cluster.NotificationConfiguration =
        NotificationConfiguration{.TopicArn = record.notification_topic, .TopicStatus = "active"};
  cluster.ARN = record.shown.ARN->substr(0, record.shown.ARN->find(":replicationgroup:")) +
                ":cluster:" + node.cache_cluster_id;
  cluster.ReplicationGroupLogDeliveryEnabled = !record.shown.LogDeliveryConfigurations.empty();
  cluster.LogDeliveryConfigurations = record.shown.LogDeliveryConfigurations;
  cluster.NetworkType = cluster.IpDiscovery = "ipv4";
  cluster.TransitEncryptionMode = record.shown.TransitEncryptionMode;
  for (const std::string& id : record.security_group_ids)
    cluster.SecurityGroups.push_back({.SecurityGroupId = id, .Status = "active"});
  cluster.AuthTokenEnabled = record.shown.AuthTokenEnabled;
  cluster.TransitEncryptionEnabled = record.shown.TransitEncryptionEnabled;
  cluster.AtRestEncryptionEnabled = record.shown.AtRestEncryptionEnabled;
  if (with_nodes)
    cluster.CacheNodes.push_back(
        {.CacheNodeId = "0001",
         .CacheNodeStatus = cluster.CacheClusterStatus,
         .CacheNodeCreateTime = cluster.CacheClusterCreateTime,
         .Endpoint = ::landfall::elasticache::Endpoint{.Address = node.address, .Port = record.port},
         .ParameterGroupStatus = "in-sync",
         .CustomerAvailabilityZone = node.availability_zone});
  return cluster;
}

int64_t memory_of_type(const std::string& type) {
  if (type.starts_with("cache."))
    for (const TypeRow& row : kTypes)
      if (row.name == std::string_view(type).substr(6))
        return static_cast<int64_t>(row.memory_gib * 1024 * 1024 * 1024);
  throw ServiceError("InvalidParameterValue", 400, "Invalid Cache Node Type: " + type);
}

host::Workload workload_of(const GroupRecord& record, const NodeRecord& node, const ControlConfig& config,
                           const EngineSettings& settings) {
  const int64_t memory = memory_of_type(*record.shown.CacheNodeType);
  engines::RedisConfig engine{.port = record.port,
                              .memory_bytes = memory,
                              .auth_token = record.auth_token,
                              .previous_auth_token = record.previous_auth_token,
                              .certificate_pem = record.certificate_pem,
                              .key_pem = record.key_pem,
                              .parameters = settings.parameters,
                              .replication_password = record.replication_password,
                              .users = settings.users};
  if (!node.primary)
    for (const NodeRecord& other : record.nodes)
      if (other.primary) engine.primary = other.private_ip;
  host::Workload workload;
  workload.id = node.workload_id;
  workload.kind = "engine";
  workload.interface_id = node.interface_id;
  workload.hostname = node.cache_cluster_id;
  workload.memory_bytes = memory + (int64_t{64} << 20);  // the server's own, beside its maxmemory
  workload.cpu_millis = 2000;
  workload.argv = {"/opt/landfall/landfall", "engine", "redis"};
  workload.mounts = {{.source = node.volume, .target = engines::kDataPath}};
  workload.files = {{.path = engines::kConfigPath,
                     .mode = "0400",
                     .uid = config.redis_uid,
                     .gid = config.redis_uid,
                     .content = Secret(to_json(engine))}};
  workload.reboot_generation = record.reboot_generation;
  workload.uid = workload.gid = config.redis_uid;
  return workload;
}

void put_names(Call& call, const GroupRecord& record) {
  std::vector<std::string> primary, replicas;
  for (const NodeRecord& node : record.nodes) (node.primary ? primary : replicas).push_back(node.private_ip);
  ec2::put_private_name(call, record.vpc_id, record.primary_address, primary);
  ec2::put_private_name(call, record.vpc_id, record.reader_address, replicas.empty() ? primary : replicas);
}

void make_primary(Call& call, GroupRecord& record, const std::string& cache_cluster_id) {
  for (NodeRecord& node : record.nodes) node.primary = node.cache_cluster_id == cache_cluster_id;
  put_names(call, record);
}

void desire_node(Call& call, const GroupRecord& record, const NodeRecord& node) {
  desire(call.txn, "Volume", node.volume, host::Volume{.name = node.volume});
  desire(call.txn, "Workload", node.workload_id,
         workload_of(record, node, call.plane.config, settings_of(call, record)));
}

EngineSettings settings_of(const Call& call, const GroupRecord& record) {
  EngineSettings settings{
      .parameters = engine_parameters_of(find_parameter_group(call, record.parameter_group)), .users = {}};
  for (const std::string& id : record.shown.UserGroupIds)
    for (Secret& user : acl_of(call, id)) settings.users.push_back(std::move(user));
  return settings;
}

void restart_nodes(Call& call, GroupRecord& record) {
  record.shown.Status = "modifying";
  ++record.reboot_generation;
  for (NodeRecord& node : record.nodes) node.ready = false;
  for (const NodeRecord& node : record.nodes) desire_node(call, record, node);
}

CacheSubnetGroup subnet_group(const Call& call, const std::string& name, const std::string& description,
                              const std::vector<std::string>& subnet_ids) {
  CacheSubnetGroup group;
  group.CacheSubnetGroupName = name;
  group.CacheSubnetGroupDescription = description;
  group.ARN = call.arn("elasticache", "subnetgroup:" + name);
  for (const std::string& id : subnet_ids) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet) throw InvalidSubnet("Subnet " + id + " does not exist.");
    if (group.VpcId && *group.VpcId != subnet->vpc_id)
      throw InvalidSubnet("The subnets of a cache subnet group must be in one VPC.");
    group.VpcId = subnet->vpc_id;
    group.Subnets.push_back({.SubnetIdentifier = id,
                             .SubnetAvailabilityZone = AvailabilityZone{.Name = subnet->availability_zone}});
  }
  return group;
}

std::vector<Tag> shown_tags(const std::map<std::string, std::string>& tags) {
  std::vector<Tag> list;
  for (const auto& [key, value] : tags) list.push_back({.Key = key, .Value = value});
  return list;
}

std::map<std::string, std::string> tag_map(const std::vector<Tag>& tags) {
  std::map<std::string, std::string> map;
  for (const Tag& tag : tags) map[tag.Key.value_or("")] = tag.Value.value_or("");
  return map;
}

}  // namespace landfall::elasticache
