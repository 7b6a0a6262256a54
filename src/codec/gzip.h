// Decompression of gzip (RFC 1952), as SDKs compress large requests.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::codec {

// Fails on malformed or truncated input and on more than `max_bytes` of output: a small body can hold a large
// one.
Result<std::string> gunzip(std::string_view bytes, size_t max_bytes);

}  // namespace landfall::codec
