// What enabling access logs asks of the bucket.
#pragma once

#include "services/elbv2/store.h"

namespace landfall::elbv2 {

// Writes ELBAccessLogTestFile as the logs will be written; throws InvalidConfigurationRequest where that is
// not possible. May leave the handler for a moment (gateway/ask_s3.h).
void check_access_logs(const Call& call, const LoadBalancerRecord& record);

}  // namespace landfall::elbv2
