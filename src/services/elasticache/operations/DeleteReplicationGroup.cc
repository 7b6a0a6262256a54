// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteReplicationGroup.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

DeleteReplicationGroupResult DeleteReplicationGroup(Call& call, const DeleteReplicationGroupMessage& in) {
  GroupRecord record = find_group(call, *in.ReplicationGroupId);
  if (*record.shown.Status == "deleting")
    throw InvalidReplicationGroupStateFault("Replication group " + *in.ReplicationGroupId +
                                            " is already being deleted.");
  if (in.RetainPrimaryCluster.value_or(false) || in.FinalSnapshotIdentifier)
    throw ServiceError("InvalidParameterCombination", 400,
                       "RetainPrimaryCluster and FinalSnapshotIdentifier are not supported by Landfall yet");
  record.shown.Status = "deleting";
  for (const NodeRecord& node : record.nodes) undesire(call.txn, "Workload", node.workload_id);
  put_group(call, record);
  DeleteReplicationGroupResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
