// Replication groups: checks, the documents for host, and what the operations share.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "host/protocol.h"
#include "services/elasticache/store.h"

namespace landfall::elasticache {

[[noreturn]] void throw_invalid_value(const std::string& why);  // InvalidParameterValue
[[noreturn]] void throw_conflicting(const std::string& why);    // InvalidParameterCombination

// Throws ReplicationGroupNotFoundFault.
GroupRecord find_group(const Call& call, std::string_view id);
void put_group(Call& call, const GroupRecord& record);
ReplicationGroup shown(const GroupRecord& record);
CacheCluster shown_cluster(const GroupRecord& record, const NodeRecord& node, bool with_nodes);

// "cache.t3.micro": memory; throws InvalidParameterValue for a type that there is not.
int64_t memory_of_type(const std::string& cache_node_type);

// Pure.
struct EngineSettings {
  std::map<std::string, std::string> parameters;  // of the group's parameter group
  std::vector<Secret> users;                      // of its user groups
};
host::Workload workload_of(const GroupRecord& record, const NodeRecord& node, const ControlConfig& config,
                           const EngineSettings& settings);
EngineSettings settings_of(const Call& call, const GroupRecord& record);
// The nodes start again with what is set now; the group is modifying until they serve.
void restart_nodes(Call& call, GroupRecord& record);
// Where clients find the primary and the replicas.
void put_names(Call& call, const GroupRecord& record);
// The node becomes the primary, with the data that it has; the others follow it from their next start on,
// which the caller brings about.
void make_primary(Call& call, GroupRecord& record, const std::string& cache_cluster_id);
void desire_node(Call& call, const GroupRecord& record, const NodeRecord& node);

CacheSubnetGroup subnet_group(const Call& call, const std::string& name, const std::string& description,
                              const std::vector<std::string>& subnet_ids);
std::vector<Tag> shown_tags(const std::map<std::string, std::string>& tags);
std::map<std::string, std::string> tag_map(const std::vector<Tag>& tags);

}  // namespace landfall::elasticache
