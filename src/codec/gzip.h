// gzip (RFC 1952): SDKs compress large requests, delivered logs and a CDN's answers are compressed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::codec {

// Fails on malformed or truncated input and on more than `max_bytes` of output: a small body can hold a large
// one.
Result<std::string> gunzip(std::string_view bytes, size_t max_bytes);

enum class GzipEffort {
  least,  // for logs: an eighth of the usual one's time, a seventh more bytes; by ISA-L
  usual,  // by libdeflate, which takes a third of zlib's time for what is there as a whole
};
std::string gzip(std::string_view bytes, GzipEffort effort);

}  // namespace landfall::codec
