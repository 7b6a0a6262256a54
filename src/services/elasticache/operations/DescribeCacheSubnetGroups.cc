// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheSubnetGroups.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

CacheSubnetGroupMessage DescribeCacheSubnetGroups(Call& call, const DescribeCacheSubnetGroupsMessage& in) {
  CacheSubnetGroupMessage out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  for (auto& [name, record] : call.rows(kSubnetGroups).all()) {
    if (in.CacheSubnetGroupName && ascii_lower(*in.CacheSubnetGroupName) != name) continue;
    if (in.Marker && name <= *in.Marker) continue;
    if (out.CacheSubnetGroups.size() == limit) {
      out.Marker = *out.CacheSubnetGroups.back().CacheSubnetGroupName;
      break;
    }
    out.CacheSubnetGroups.push_back(record->shown);
  }
  if (in.CacheSubnetGroupName && out.CacheSubnetGroups.empty())
    throw CacheSubnetGroupNotFoundFault("Cache Subnet Group " + *in.CacheSubnetGroupName +
                                        " does not exist.");
  return out;
}

}  // namespace landfall::elasticache
