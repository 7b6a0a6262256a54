// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
// Everything is applied at once: there is no maintenance window here to wait for.
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

void check_request(const ModifyReplicationGroupMessage& in, const ReplicationGroup& group) {
  refuse_absent(in);
  if (in.Engine.value_or("redis") != "redis") throw_invalid_value("Invalid engine: Landfall runs redis.");
  if (in.ClusterMode.value_or("disabled") != "disabled")
    throw_conflicting("Cluster mode is not supported by Landfall yet.");
  if (in.TransitEncryptionEnabled && in.TransitEncryptionEnabled != group.TransitEncryptionEnabled)
    throw_conflicting("Landfall cannot change TransitEncryptionEnabled of a replication group.");
}

// True if another node is the primary now.
bool move_primary(Call& call, GroupRecord& record, const ModifyReplicationGroupMessage& in) {
  if (!in.PrimaryClusterId) return false;
  const auto node =
      std::ranges::find(record.nodes, ascii_lower(*in.PrimaryClusterId), &NodeRecord::cache_cluster_id);
  if (node == record.nodes.end())
    throw_invalid_value("Cache cluster " + *in.PrimaryClusterId + " is not in the replication group.");
  if (node->primary) return false;
  if (record.shown.AutomaticFailover == "enabled")
    throw_conflicting("The primary cannot be chosen while automatic failover is enabled.");
  make_primary(call, record, node->cache_cluster_id);
  return true;
}

// True if other tokens count now. ROTATE, which is what counts without a word: the one before stays good
// until SET. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
bool change_auth(GroupRecord& record, const ModifyReplicationGroupMessage& in) {
  const std::string strategy = in.AuthTokenUpdateStrategy.value_or("ROTATE");
  if (strategy == "DELETE") {
    if (in.AuthToken) throw_conflicting("AuthToken cannot be given with the strategy DELETE.");
    if (record.shown.UserGroupIds.empty())
      throw_conflicting("AUTH can be deleted only from a replication group that has a user group.");
    record.auth_token = record.previous_auth_token = Secret();
    record.shown.AuthTokenEnabled = false;
    return true;
  }
  if (!in.AuthToken) return false;
  if (!record.shown.TransitEncryptionEnabled.value_or(false))
    throw_conflicting("The AUTH token modification is only supported when encryption-in-transit is enabled.");
  const bool other = record.auth_token.reveal() != *in.AuthToken;
  if (strategy != "ROTATE") {
    record.previous_auth_token = Secret();
  } else if (other) {
    record.previous_auth_token = record.auth_token;
  }
  record.auth_token = Secret(*in.AuthToken);
  record.shown.AuthTokenEnabled = true;
  return true;
}

}  // namespace

ModifyReplicationGroupResult ModifyReplicationGroup(Call& call, const ModifyReplicationGroupMessage& in) {
  GroupRecord record = find_group(call, *in.ReplicationGroupId);
  require_available(record);
  check_request(in, record.shown);
  if (in.AutomaticFailoverEnabled)
    record.shown.AutomaticFailover = *in.AutomaticFailoverEnabled ? "enabled" : "disabled";
  if (in.MultiAZEnabled) record.shown.MultiAZ = *in.MultiAZEnabled ? "enabled" : "disabled";
  check_failover(record);
  if (in.TransitEncryptionMode) record.shown.TransitEncryptionMode = in.TransitEncryptionMode;
  if (in.IpDiscovery) record.shown.IpDiscovery = in.IpDiscovery;
  check_transit(record.shown);
  set_log_delivery(record.shown, in.LogDeliveryConfigurations);
  if (in.ReplicationGroupDescription) record.shown.Description = in.ReplicationGroupDescription;
  if (in.SnapshotRetentionLimit) record.shown.SnapshotRetentionLimit = in.SnapshotRetentionLimit;
  if (in.EngineVersion) record.engine_version = checked_version(*in.EngineVersion);
  if (in.SnapshottingClusterId) {
    const std::string id = ascii_lower(*in.SnapshottingClusterId);
    if (std::ranges::count(record.nodes, id, &NodeRecord::cache_cluster_id) == 0)
      throw_invalid_value("Cache cluster " + id + " is not in the replication group.");
    record.shown.SnapshottingClusterId = id;
  }
  if (in.SnapshotWindow) record.shown.SnapshotWindow = in.SnapshotWindow;
  if (in.PreferredMaintenanceWindow) record.maintenance_window = *in.PreferredMaintenanceWindow;
  if (in.AutoMinorVersionUpgrade) record.shown.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade;
  if (in.NotificationTopicArn) record.notification_topic = *in.NotificationTopicArn;
  if (in.NotificationTopicStatus == "inactive") record.notification_topic.clear();
  bool restart = move_primary(call, record, in);
  if (in.CacheParameterGroupName && ascii_lower(*in.CacheParameterGroupName) != record.parameter_group) {
    record.parameter_group =
        *find_parameter_group(call, *in.CacheParameterGroupName).shown.CacheParameterGroupName;
    restart = true;
  }
  auto& user_groups = record.shown.UserGroupIds;
  const auto user_groups_before = user_groups;
  if (in.RemoveUserGroups.value_or(false)) user_groups.clear();
  for (const std::string& id : in.UserGroupIdsToRemove) std::erase(user_groups, ascii_lower(id));
  for (const std::string& id : in.UserGroupIdsToAdd) {
    find_user_group(call, id);
    if (!record.shown.TransitEncryptionEnabled.value_or(false))
      throw ServiceError("InvalidParameterCombination", 400,
                         "User group based access control requires encryption-in-transit to be enabled.");
    user_groups.push_back(ascii_lower(id));
  }
  if (user_groups.size() > 1)
    throw ServiceError("InvalidParameterValue", 400, "A replication group can have at most one user group.");
  if (!user_groups.empty() && record.replication_password.empty())
    record.replication_password = Secret(call.random().hex(48));
  restart = restart || user_groups != user_groups_before;
  restart = change_auth(record, in) || restart;
  if (!in.SecurityGroupIds.empty()) {
    record.security_group_ids = in.SecurityGroupIds;
    for (const NodeRecord& node : record.nodes)
      ec2::set_service_interface_groups(call, node.interface_id, in.SecurityGroupIds);
  }
  if (in.CacheNodeType && in.CacheNodeType != record.shown.CacheNodeType) {
    memory_of_type(*in.CacheNodeType);
    record.shown.CacheNodeType = in.CacheNodeType;
    restart = true;
  }
  if (restart) restart_nodes(call, record);
  put_group(call, record);
  ModifyReplicationGroupResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
