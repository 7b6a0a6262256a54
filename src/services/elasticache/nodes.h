// The nodes of a replication group: one more, one less.
#pragma once

#include <string>
#include <vector>

#include "services/elasticache/store.h"

namespace landfall::elasticache {

inline constexpr size_t kMaxNodes = 6;  // quota: a primary and five replicas

// A node with an interface of its own in the subnet, and a name in the VPC; the first of a group is its
// primary. It begins to run with desire_node(). `address_suffix`: what follows the node's own id in its name.
NodeRecord& add_node(Call& call, GroupRecord& record, const std::string& subnet_id,
                     const std::string& address_suffix);
// One certificate for all of the group's names. Throws InternalFailure.
void issue_certificate(Call& call, GroupRecord& record);
// Ends a replica. What it held is let go of once host has ended it: record.leaving.
void remove_node(Call& call, GroupRecord& record, const std::string& cache_cluster_id);
void release_node(Call& call, const NodeRecord& node);  // interface, name, volume: its workload has ended
std::vector<std::string> subnets_of(const Call& call, const GroupRecord& record);
// Throws InvalidReplicationGroupState.
void require_available(const GroupRecord& record);

}  // namespace landfall::elasticache
