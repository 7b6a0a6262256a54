// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheParameters.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/parameters.h"

namespace landfall::elasticache {

CacheParameterGroupDetails DescribeCacheParameters(Call& call, const DescribeCacheParametersMessage& in) {
  const ParameterGroupRecord group = find_parameter_group(call, *in.CacheParameterGroupName);
  CacheParameterGroupDetails out;
  for (const ParameterFacts& facts : engine_parameters()) {
    const std::string name(facts.name);
    if (in.Marker && name <= *in.Marker) continue;
    const auto own = group.values.find(name);
    const bool is_own = own != group.values.end();
    if (in.Source && *in.Source != (is_own ? "user" : "system")) continue;
    if (out.Parameters.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.Parameters.back().ParameterName;
      break;
    }
    Parameter& parameter = out.Parameters.emplace_back();
    parameter.ParameterName = name;
    parameter.ParameterValue = is_own ? own->second : std::string(facts.by_default);
    parameter.Description = std::string(facts.description);
    parameter.Source = is_own ? "user" : "system";
    parameter.DataType = std::string(facts.type);
    parameter.AllowedValues = std::string(facts.allowed);
    parameter.IsModifiable = true;
    parameter.MinimumEngineVersion = "7.0.4";
    parameter.ChangeType = "immediate";
  }
  return out;
}

}  // namespace landfall::elasticache
