// A response headers policy, on the answer to one viewer: what it removes, CORS, and what it adds. Pure.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "services/cloudfront/dataplane/answer.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {

void apply_response_policy(http::Headers& headers, const BehaviorSnapshot& behavior,
                           const http::Request& viewer);

// "https://*.example.com", "http*://a.test:*", "example.com" (any scheme), "*".
bool origin_matches(std::string_view pattern, std::string_view origin);

// What Server-Timing tells.
struct Timing {
  CacheResult result = CacheResult::miss;
  int64_t upstream_ms = 0;    // to the origin's first byte; of what was not a hit
  int64_t downstream_ms = 0;  // from the request to the answer's first byte
  std::string_view pop, request_id;
};
std::string server_timing(const Timing& timing);

// "Pragma: server-timing": the viewer wants the header, whatever the sampling rate.
bool asks_for_timing(const http::Headers& headers);

}  // namespace landfall::cloudfront
