// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheParameterGroups.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/parameters.h"

namespace landfall::elasticache {

CacheParameterGroupsMessage DescribeCacheParameterGroups(Call& call,
                                                         const DescribeCacheParameterGroupsMessage& in) {
  CacheParameterGroupsMessage out;
  if (in.CacheParameterGroupName) {
    out.CacheParameterGroups.push_back(find_parameter_group(call, *in.CacheParameterGroupName).shown);
    return out;
  }
  std::map<std::string, CacheParameterGroup> groups{
      {kDefaultParameterGroup, find_parameter_group(call, kDefaultParameterGroup).shown}};
  for (const auto& [name, record] : call.rows(kParameterGroups).all()) groups[name] = record->shown;
  for (auto& [name, group] : groups) {
    if (in.Marker && name <= *in.Marker) continue;
    if (out.CacheParameterGroups.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.CacheParameterGroups.back().CacheParameterGroupName;
      break;
    }
    out.CacheParameterGroups.push_back(std::move(group));
  }
  return out;
}

}  // namespace landfall::elasticache
