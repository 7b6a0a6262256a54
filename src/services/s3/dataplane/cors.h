// Cross-origin requests: a bucket's CORS configuration applied to a preflight or an actual request. Pure.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

inline constexpr const char* kCorsConfiguration = "cors";

struct CorsRule {
  std::vector<std::string> origins, methods, headers, exposed;
  std::optional<int64_t> max_age_seconds;
};
// Of a stored document; empty if there is none.
std::vector<CorsRule> cors_rules_of(const BucketRecord& bucket);

// A pattern with at most one '*'.
bool matches_one_star(std::string_view pattern, std::string_view text);

// The Access-Control-* headers of an answer to a request with an Origin that a rule allows; else none.
void add_cors_headers(const BucketRecord& bucket, const http::Request& request, http::Headers& headers);

// The answer to OPTIONS; nullopt: no rule allows it (AccessForbidden).
std::optional<http::Headers> answer_preflight(const std::vector<CorsRule>& rules,
                                              const http::Headers& request);

}  // namespace landfall::s3
