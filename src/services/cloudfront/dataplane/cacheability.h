// May an answer be stored, and for how long? RFC 9111 with CloudFront's minimum, default and maximum TTLs:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html  Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {

struct Cacheability {
  bool store = false;
  int64_t ttl_seconds = 0;  // freshness lifetime from now, the answer's Age already taken off
};

// `error_seconds`: the error caching minimum TTL of that status (CustomErrorResponses), 10 if none is
// configured.
Cacheability cacheability(const http::Response& response, const BehaviorSnapshot& behavior,
                          int64_t error_seconds, Timestamp now);

bool is_error_status(int status);  // those that CloudFront caches as errors

// RFC 9111 section 5.2: the argument of a Cache-Control directive; nullopt without the directive, "" without
// an argument.
std::optional<std::string> directive(const http::Headers& headers, std::string_view name);

}  // namespace landfall::cloudfront
