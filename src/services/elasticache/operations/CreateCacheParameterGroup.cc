// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"

namespace landfall::elasticache {

CreateCacheParameterGroupResult CreateCacheParameterGroup(Call& call,
                                                          const CreateCacheParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheParameterGroupName);
  if (*in.CacheParameterGroupFamily != kParameterFamily)
    throw ServiceError("InvalidParameterValue", 400,
                       "CacheParameterGroupFamily " + *in.CacheParameterGroupFamily +
                           " is not a valid parameter group family: Landfall has redis7.");
  if (name.empty() || name.starts_with("default.") || name.ends_with("-") ||
      name.find("--") != std::string::npos)
    throw ServiceError("InvalidParameterValue", 400,
                       "The parameter CacheParameterGroupName is not valid: " + name);
  if (call.rows(kParameterGroups).has(name))
    throw CacheParameterGroupAlreadyExistsFault("Parameter group " + name + " already exists");
  ParameterGroupRecord record;
  record.shown = {.CacheParameterGroupName = name,
                  .CacheParameterGroupFamily = in.CacheParameterGroupFamily,
                  .Description = in.Description,
                  .IsGlobal = false,
                  .ARN = call.arn("elasticache", "parametergroup:" + name)};
  record.tags = tag_map(in.Tags);
  call.rows(kParameterGroups).put(name, record);
  return {.CacheParameterGroup = record.shown};
}

}  // namespace landfall::elasticache
