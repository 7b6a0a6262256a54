// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteCacheSubnetGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {

aws::Empty DeleteCacheSubnetGroup(Call& call, const DeleteCacheSubnetGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheSubnetGroupName);
  if (!call.rows(kSubnetGroups).has(name))
    throw CacheSubnetGroupNotFoundFault("Cache Subnet Group " + name + " does not exist.");
  call.rows(kGroups).each([&](std::string_view id, const GroupRecord& record) {
    if (record.subnet_group == name)
      throw CacheSubnetGroupInUse("Cache subnet group " + name +
                                  " is currently in use by a cache cluster: " + std::string(id) + ".");
  });
  call.rows(kSubnetGroups).erase(name);
  return {};
}

}  // namespace landfall::elasticache
