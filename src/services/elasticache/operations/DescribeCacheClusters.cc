// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheClusters.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

CacheClusterMessage DescribeCacheClusters(Call& call, const DescribeCacheClustersMessage& in) {
  CacheClusterMessage out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  for (auto& [id, record] : call.rows(kGroups).all())
    for (const NodeRecord& node : record->nodes) {
      if (in.CacheClusterId && ascii_lower(*in.CacheClusterId) != node.cache_cluster_id) continue;
      if (in.Marker && node.cache_cluster_id <= *in.Marker) continue;
      if (out.CacheClusters.size() == limit) {
        out.Marker = *out.CacheClusters.back().CacheClusterId;
        return out;
      }
      out.CacheClusters.push_back(shown_cluster(*record, node, in.ShowCacheNodeInfo.value_or(false)));
    }
  if (in.CacheClusterId && out.CacheClusters.empty())
    throw CacheClusterNotFoundFault("CacheCluster not found: " + *in.CacheClusterId);
  return out;
}

}  // namespace landfall::elasticache
