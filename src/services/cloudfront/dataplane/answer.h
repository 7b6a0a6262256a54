// From a cached object to what a viewer gets: conditions, ranges, CloudFront's own headers and error pages.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"
#include "services/cloudfront/dataplane/object_cache.h"

namespace landfall::cloudfront {

enum class CacheResult { hit, miss, refresh_hit, error };
std::string_view x_cache(CacheResult result);

struct Answer {
  http::Response head;
  uint64_t offset = 0, length = 0;  // of the object's body
};

// RFC 9110 sections 13 (If-None-Match, If-Modified-Since) and 14 (one range; several are answered whole).
Answer answer_with(const CachedObject& object, const http::Request& request);

// "ERROR: The request could not be satisfied", as CloudFront shows it.
std::string error_page(int status, std::string_view explanation, std::string_view request_id);

// "Name: value" lines of an answer's head, without connection fields, Content-Length and Age.
std::string lines_of(const http::Headers& headers);

bool is_conditional(const http::Headers& headers);  // or asks for a range

void remove_hop_by_hop(http::Headers& headers);  // RFC 9110 section 7.6.1, and Content-Length

}  // namespace landfall::cloudfront
