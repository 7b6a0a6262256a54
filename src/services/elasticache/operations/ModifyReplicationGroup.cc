// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html
// Everything is applied at once: there is no maintenance window here to wait for.
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/groups.h"

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
  if (!in.SecurityGroupIds.empty()) {
    record.security_group_ids = in.SecurityGroupIds;
    for (const NodeRecord& node : record.nodes)
      ec2::set_service_interface_groups(call, node.interface_id, in.SecurityGroupIds);
  }
  if (in.CacheNodeType && in.CacheNodeType != record.shown.CacheNodeType) {
    memory_of_type(*in.CacheNodeType);
    record.shown.CacheNodeType = in.CacheNodeType;
    record.shown.Status = "modifying";
    ++record.reboot_generation;
    for (NodeRecord& node : record.nodes) node.ready = false;
  }
  for (const NodeRecord& node : record.nodes) desire_node(call, record, node);
  put_group(call, record);
  ModifyReplicationGroupResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
