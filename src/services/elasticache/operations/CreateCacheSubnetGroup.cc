// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

CreateCacheSubnetGroupResult CreateCacheSubnetGroup(Call& call, const CreateCacheSubnetGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheSubnetGroupName);
  if (call.rows(kSubnetGroups).has(name))
    throw CacheSubnetGroupAlreadyExistsFault("Cache subnet group " + name + " already exists.");
  SubnetGroupRecord record{.shown = subnet_group(call, name, *in.CacheSubnetGroupDescription, in.SubnetIds),
                           .tags = tag_map(in.Tags)};
  call.rows(kSubnetGroups).put(name, record);
  return {.CacheSubnetGroup = record.shown};
}

}  // namespace landfall::elasticache
