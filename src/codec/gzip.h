// gzip (RFC 1952): SDKs compress large requests, and delivered logs are compressed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::codec {

// Fails on malformed or truncated input and on more than `max_bytes` of output: a small body can hold a large
// one.
Result<std::string> gunzip(std::string_view bytes, size_t max_bytes);

// At zlib's fastest level, a third of the usual one's time; at most 4 GiB.
std::string gzip(std::string_view bytes);

}  // namespace landfall::codec
