// What enabling access logs or connection logs asks of the bucket.
#pragma once

#include "services/elbv2/store.h"

namespace landfall::elbv2 {

// Each writes its test file as the logs will be written, if they are enabled; throws
// InvalidConfigurationRequest where that is not possible. May leave the handler for a moment
// (gateway/ask_s3.h).
void check_access_logs(const Call& call, const LoadBalancerRecord& record);
void check_connection_logs(const Call& call, const LoadBalancerRecord& record);

}  // namespace landfall::elbv2
