// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
#include <algorithm>

#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/acm/acm.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {
namespace {

constexpr int64_t kMaxNodes = 6;  // quota: a primary and five replicas

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
  if (in.EngineVersion && !in.EngineVersion->starts_with("7"))
    throw_invalid_value("Cannot find version " + *in.EngineVersion +
                        " for redis: this machine has Redis 7.0");
  if (in.NumNodeGroups.value_or(1) > 1 || in.ClusterMode.value_or("disabled") != "disabled")
    throw_conflicting("Cluster mode is not supported by Landfall yet: NumNodeGroups must be 1");
  const int64_t nodes =
      in.NumCacheClusters.value_or(in.ReplicasPerNodeGroup ? *in.ReplicasPerNodeGroup + 1 : 1);
  if (nodes < 1 || nodes > kMaxNodes) throw_invalid_value("NumCacheClusters must be between 1 and 6.");
  if (in.AutomaticFailoverEnabled.value_or(false))
    throw_conflicting(
        nodes < 2
            ? "When using automatic failover, there must be at least 2 cache clusters in the replication "
              "group."
            : "Automatic failover is not supported by Landfall yet: set AutomaticFailoverEnabled to false");
  if (in.AuthToken) {
    if (!in.TransitEncryptionEnabled.value_or(false))
      throw_conflicting("The AUTH token is only supported when encryption-in-transit is enabled.");
    if (in.AuthToken->size() < 16 || in.AuthToken->size() > 128)
      throw_invalid_value("AuthToken must be 16 to 128 characters.");
  }
  return nodes;
}

}  // namespace

CreateReplicationGroupResult CreateReplicationGroup(Call& call, const CreateReplicationGroupMessage& in) {
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
  group.AutomaticFailover = "disabled";
  group.MultiAZ = "disabled";
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
  if (*group.TransitEncryptionEnabled)
    group.TransitEncryptionMode = in.TransitEncryptionMode.value_or("required");
  group.KmsKeyId = in.KmsKeyId;
  group.NetworkType = group.IpDiscovery = "ipv4";
  group.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade.value_or(true);

  const std::string label = call.random().from("abcdefghijklmnopqrstuvwxyz0123456789", 6),
                    tail = ".use1.cache.amazonaws.com";
  const bool tls = *group.TransitEncryptionEnabled;
  record.primary_address = tls ? "master." + id + "." + label + tail : id + "." + label + ".ng.0001" + tail;
  record.reader_address =
      tls ? "replica." + id + "." + label + tail : id + "-ro." + label + ".ng.0001" + tail;
  std::vector<std::string> names{record.primary_address, record.reader_address}, replicas;
  for (int64_t i = 0; i < count; ++i) {
    NodeRecord node;
    node.primary = i == 0;
    node.cache_cluster_id = id + "-00" + std::to_string(i + 1);
    node.workload_id = "cache-" + call.random().hex(16);
    node.volume = node.workload_id;
    const auto interface =
        ec2::create_service_interface(call, {.subnet_id = subnets[static_cast<size_t>(i) % subnets.size()],
                                             .group_ids = record.security_group_ids,
                                             .attachment = ec2::Attachment::workload,
                                             .workload_id = node.workload_id,
                                             .description = "ElastiCache " + node.cache_cluster_id,
                                             .requester = "amazon-elasticache"});
    node.interface_id = interface.interface_id;
    node.private_ip = interface.private_ip;
    node.availability_zone = interface.availability_zone;
    node.address = node.cache_cluster_id + "." + label + ".0001" + tail;
    ec2::put_private_name(call, record.vpc_id, node.address, {node.private_ip});
    names.push_back(node.address);
    names.push_back(node.private_ip);
    if (!node.primary) replicas.push_back(node.private_ip);
    record.nodes.push_back(std::move(node));
  }
  ec2::put_private_name(call, record.vpc_id, record.primary_address, {record.nodes.front().private_ip});
  ec2::put_private_name(call, record.vpc_id, record.reader_address,
                        replicas.empty() ? std::vector{record.nodes.front().private_ip} : replicas);
  if (tls) {
    auto material = acm::issue_internal(call.plane, names);
    if (!material)
      throw ServiceError("InternalFailure", 500, "no certificate for the cache: " + material.error().message);
    record.certificate_pem = material->chain_pem;
    record.key_pem = material->key_pem;
  }
  for (const NodeRecord& node : record.nodes) desire_node(call, record, node);
  put_group(call, record);
  CreateReplicationGroupResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
