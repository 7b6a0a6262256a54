// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheSubnetGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

ModifyCacheSubnetGroupResult ModifyCacheSubnetGroup(Call& call, const ModifyCacheSubnetGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheSubnetGroupName);
  const auto stored = call.rows(kSubnetGroups).get(name);
  if (!stored) throw CacheSubnetGroupNotFoundFault("Cache Subnet Group " + name + " does not exist.");
  std::vector<std::string> ids = in.SubnetIds;
  if (ids.empty())
    for (const Subnet& subnet : stored->shown.Subnets) ids.push_back(*subnet.SubnetIdentifier);
  SubnetGroupRecord record = *stored;
  record.shown = subnet_group(
      call, name, in.CacheSubnetGroupDescription.value_or(*stored->shown.CacheSubnetGroupDescription), ids);
  call.rows(kSubnetGroups).put(name, record);
  return {.CacheSubnetGroup = record.shown};
}

}  // namespace landfall::elasticache
