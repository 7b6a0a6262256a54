// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ResetCacheParameterGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"

namespace landfall::elasticache {

CacheParameterGroupNameMessage ResetCacheParameterGroup(Call& call,
                                                        const ResetCacheParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheParameterGroupName);
  ParameterGroupRecord record = find_parameter_group(call, name);
  if (name == kDefaultParameterGroup) return {.CacheParameterGroupName = name};
  const auto before = record.values;
  if (in.ResetAllParameters.value_or(false)) record.values.clear();
  for (const ParameterNameValue& parameter : in.ParameterNameValues)
    record.values.erase(parameter.ParameterName.value_or(""));
  call.rows(kParameterGroups).put(name, record);
  if (record.values != before) apply_parameter_group(call, name);
  return {.CacheParameterGroupName = name};
}

}  // namespace landfall::elasticache
