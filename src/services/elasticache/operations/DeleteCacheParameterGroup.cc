// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteCacheParameterGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"

namespace landfall::elasticache {

aws::Empty DeleteCacheParameterGroup(Call& call, const DeleteCacheParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheParameterGroupName);
  find_parameter_group(call, name);
  if (name == kDefaultParameterGroup)
    throw InvalidCacheParameterGroupStateFault("The default parameter group " + name + " cannot be deleted.");
  if (is_parameter_group_used(call, name))
    throw InvalidCacheParameterGroupStateFault(
        "One or more cache clusters are still members of the parameter group " + name + ".");
  call.rows(kParameterGroups).erase(name);
  return {};
}

}  // namespace landfall::elasticache
