// What replication groups are created and modified with, as ElastiCache checks it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aws/protocol/refusals.h"
#include "services/elasticache/store.h"

namespace landfall::elasticache {

std::span<const aws::Refusal> absent();
[[noreturn]] void refuse(const aws::Refused& refused);
// Throws InvalidParameterValue for what Landfall has not (snapshots to start from, global data stores, ...).
template <class In>
void refuse_absent(const In& in) {
  if (const auto refused = aws::refused_in(in, absent(), aws::RefusalTable::shared)) refuse(*refused);
}
// Throws InvalidParameterCombination unless the group, as its record is to be, has the nodes that failover
// and Multi-AZ need. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
void check_failover(const GroupRecord& record);
// "7", "7.0", "7.1": as it is shown. Throws InvalidParameterValue for another major version.
std::string checked_version(const std::string& given);
void check_transit(const ReplicationGroup& group);  // TransitEncryptionMode, NetworkType, IpDiscovery
// Replaces, by log type, what is delivered where; Enabled false: no more.
void set_log_delivery(ReplicationGroup& group, const std::vector<LogDeliveryConfigurationRequest>& given);

}  // namespace landfall::elasticache
