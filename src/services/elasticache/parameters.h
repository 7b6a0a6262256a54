// Cache parameter groups of the family redis7.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html#ParameterGroups.Redis
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "services/elasticache/store.h"

namespace landfall::elasticache {

struct ParameterFacts {
  std::string_view name, by_default, type, allowed, description;
  bool of_engine = true;  // a line of redis.conf; others are ElastiCache's own and without effect
};
std::span<const ParameterFacts> engine_parameters();  // by name

inline constexpr char kDefaultParameterGroup[] = "default.redis7";
inline constexpr char kParameterFamily[] = "redis7";

// Own or default; throws CacheParameterGroupNotFound.
ParameterGroupRecord find_parameter_group(const Call& call, const std::string& name);
void check_parameter(const std::string& name, const std::string& value);  // throws InvalidParameterValue
std::map<std::string, std::string> engine_parameters_of(const ParameterGroupRecord& group);
bool is_parameter_group_used(const Call& call, const std::string& name);
// Restarts the caches that use the group.
void apply_parameter_group(Call& call, const std::string& name);

}  // namespace landfall::elasticache
