// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReplicationGroups.html
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

ReplicationGroupMessage DescribeReplicationGroups(Call& call, const DescribeReplicationGroupsMessage& in) {
  ReplicationGroupMessage out;
  if (in.ReplicationGroupId) {
    out.ReplicationGroups.push_back(shown(find_group(call, *in.ReplicationGroupId)));
    return out;
  }
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  for (auto& [id, record] : call.rows(kGroups).all()) {
    if (in.Marker && id <= *in.Marker) continue;
    if (out.ReplicationGroups.size() == limit) {
      out.Marker = *out.ReplicationGroups.back().ReplicationGroupId;
      break;
    }
    out.ReplicationGroups.push_back(shown(*record));
  }
  return out;
}

}  // namespace landfall::elasticache
