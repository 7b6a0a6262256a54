// Conditional requests (RFC 9110 section 13) and single ranges (section 14), as S3 judges them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "http/message.h"

namespace landfall::s3 {

enum class Verdict { proceed, not_modified, precondition_failed };

// If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since with S3's precedence: a true If-Match beats
// a false If-Unmodified-Since, and a false If-None-Match beats If-Modified-Since. `prefix` is "" or
// "x-amz-copy-source-". For copies, what would be 304 is 412.
Verdict judge_read(const http::Headers& headers, std::string_view prefix, std::string_view etag,
                   Timestamp last_modified);

// An entity-tag list ("a", W/"b", bare c, *) names this etag.
bool etag_list_matches(std::string_view list, std::string_view etag);
std::string_view unquote(std::string_view etag);

struct ByteRange {
  uint64_t first = 0;
  uint64_t length = 0;
};
enum class RangeStatus {
  none,
  satisfiable,
  unsatisfiable
};  // none: no header, or one that RFC 9110 says to ignore
RangeStatus parse_range(std::string_view header, uint64_t size, ByteRange& range);

}  // namespace landfall::s3
