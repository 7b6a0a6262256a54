// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_IncreaseReplicaCount.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/nodes.h"

namespace landfall::elasticache {

IncreaseReplicaCountResult IncreaseReplicaCount(Call& call, const IncreaseReplicaCountMessage& in) {
  GroupRecord record = find_group(call, *in.ReplicationGroupId);
  require_available(record);
  if (!in.ReplicaConfiguration.empty())
    throw_conflicting("ReplicaConfiguration is of cluster mode; give NewReplicaCount.");
  const auto wanted = static_cast<size_t>(in.NewReplicaCount.value_or(0)) + 1, had = record.nodes.size();
  if (wanted > kMaxNodes) throw NodeQuotaForClusterExceededFault("A node group can have at most 5 replicas.");
  if (wanted <= had)
    throw_invalid_value("NewReplicaCount must be greater than the number of replicas there are.");
  const auto subnets = subnets_of(call, record);
  const std::string address = record.nodes.front().address, suffix = address.substr(address.find('.'));
  while (record.nodes.size() < wanted)
    add_node(call, record, subnets[record.nodes.size() % subnets.size()], suffix);
  // Those that run keep their certificate until they restart: it has their own names.
  if (record.shown.TransitEncryptionEnabled.value_or(false)) issue_certificate(call, record);
  for (size_t i = had; i < record.nodes.size(); ++i) desire_node(call, record, record.nodes[i]);
  put_names(call, record);
  record.shown.Status = "modifying";
  put_group(call, record);
  IncreaseReplicaCountResult out;
  out.ReplicationGroup = shown(record);
  return out;
}

}  // namespace landfall::elasticache
