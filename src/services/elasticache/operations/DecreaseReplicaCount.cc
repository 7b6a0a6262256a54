// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DecreaseReplicaCount.html
#include <algorithm>

#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/nodes.h"
#include "services/elasticache/settings.h"

namespace landfall::elasticache {
namespace {

// The ids that were named, or as many replicas from the end as are too many.
std::vector<std::string> leaving(const DecreaseReplicaCountMessage& in, const GroupRecord& record) {
  std::vector<std::string> ids;
  for (const std::string& id : in.ReplicasToRemove) ids.push_back(ascii_lower(id));
  if (!ids.empty()) return ids;
  const size_t wanted = static_cast<size_t>(in.NewReplicaCount.value_or(0)) + 1;
  for (auto node = record.nodes.rbegin(); node != record.nodes.rend(); ++node)
    if (!node->primary && record.nodes.size() - ids.size() > wanted) ids.push_back(node->cache_cluster_id);
  return ids;
}

}  // namespace

DecreaseReplicaCountResult DecreaseReplicaCount(Call& call, const DecreaseReplicaCountMessage& in) {
  GroupRecord record = find_group(call, *in.ReplicationGroupId);
  require_available(record);
  if (!in.ReplicaConfiguration.empty())
    throw_conflicting("ReplicaConfiguration is of cluster mode; give NewReplicaCount or ReplicasToRemove.");
  if (in.NewReplicaCount.has_value() != in.ReplicasToRemove.empty())
    throw_conflicting("Exactly one of NewReplicaCount and ReplicasToRemove must be given.");
  const auto ids = leaving(in, record);
  if (ids.empty()) throw_invalid_value("NewReplicaCount must be less than the number of replicas there are.");
  for (const std::string& id : ids) {
    const auto node = std::ranges::find(record.nodes, id, &NodeRecord::cache_cluster_id);
    if (node == record.nodes.end() || node->primary)
      throw_invalid_value(id + " is no replica of the replication group.");
    remove_node(call, record, id);
  }
  check_failover(record);
  put_names(call, record);
  put_group(call, record);
  DecreaseReplicaCountResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
