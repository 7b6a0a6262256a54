// What the operations on health checks share.
#pragma once

#include <optional>
#include <string>

#include "gateway/call.h"
#include "services/route53/snapshot.h"
#include "services/route53/store.h"

namespace landfall::route53 {

inline constexpr int64_t kDefaultInterval = 30, kDefaultFailureThreshold = 3;  // seconds, probes
inline constexpr size_t kMaxHealthChecks = 200;                                // quota of an account
inline constexpr size_t kMaxChildren = 256;

inline constexpr char kAlarmType[] = "CLOUDWATCH_METRIC";

// Throws NoSuchHealthCheck.
HealthCheckRecord find_health_check(Call& call, const std::optional<std::string>& id);
// Writes it, with what its alarm says now if it has one, and tells edge.
void put_health_check(Call& call, const HealthCheckRecord& record);
void check_config(Call& call, const HealthCheckConfig& config);  // throws InvalidInput
// What edge says of it, in the words of its type: edge knows of no alarms.
std::string told_status(const HealthCheckRecord& record, const std::string& status);
HealthCheckSnapshot to_snapshot(const HealthCheckRecord& record);  // with the defaults that are not shown

}  // namespace landfall::route53
