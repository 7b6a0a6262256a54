// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
// Everything is applied at once: there is no maintenance window here to wait for.
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

ModifyReplicationGroupResult ModifyReplicationGroup(Call& call, const ModifyReplicationGroupMessage& in) {
  GroupRecord record = find_group(call, *in.ReplicationGroupId);
  if (*record.shown.Status != "available")
    throw InvalidReplicationGroupStateFault("Replication group " + *in.ReplicationGroupId +
                                            " is not in available state: it is " + *record.shown.Status +
                                            ".");
  if (in.AutomaticFailoverEnabled.value_or(false))
    throw ServiceError("InvalidParameterCombination", 400,
                       "Automatic failover is not supported by Landfall yet");
  if (in.ReplicationGroupDescription) record.shown.Description = in.ReplicationGroupDescription;
  if (in.SnapshotRetentionLimit) record.shown.SnapshotRetentionLimit = in.SnapshotRetentionLimit;
  if (in.SnapshotWindow) record.shown.SnapshotWindow = in.SnapshotWindow;
  if (in.PreferredMaintenanceWindow) record.maintenance_window = *in.PreferredMaintenanceWindow;
  if (in.AutoMinorVersionUpgrade) record.shown.AutoMinorVersionUpgrade = in.AutoMinorVersionUpgrade;
  if (in.NotificationTopicArn) record.notification_topic = *in.NotificationTopicArn;
  if (in.NotificationTopicStatus == "inactive") record.notification_topic.clear();
  bool restart = false;
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
  if (in.AuthToken) {
    if (!record.shown.TransitEncryptionEnabled.value_or(false))
      throw ServiceError(
          "InvalidParameterCombination", 400,
          "The AUTH token modification is only supported when encryption-in-transit is enabled.");
    record.auth_token = Secret(*in.AuthToken);
    record.shown.AuthTokenEnabled = true;
    restart = true;
  }
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
