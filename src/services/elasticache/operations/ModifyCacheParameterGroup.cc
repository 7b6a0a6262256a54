// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheParameterGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"

namespace landfall::elasticache {

CacheParameterGroupNameMessage ModifyCacheParameterGroup(Call& call,
                                                         const ModifyCacheParameterGroupMessage& in) {
  const std::string name = ascii_lower(*in.CacheParameterGroupName);
  ParameterGroupRecord record = find_parameter_group(call, name);
  if (name == kDefaultParameterGroup)
    throw InvalidCacheParameterGroupStateFault("The default parameter group " + name +
                                               " cannot be modified.");
  const auto before = record.values;
  for (const ParameterNameValue& parameter : in.ParameterNameValues) {
    check_parameter(parameter.ParameterName.value_or(""), parameter.ParameterValue.value_or(""));
    record.values[*parameter.ParameterName] = parameter.ParameterValue.value_or("");
  }
  call.rows(kParameterGroups).put(name, record);
  if (record.values != before) apply_parameter_group(call, name);
  return {.CacheParameterGroupName = name};
}

}  // namespace landfall::elasticache
