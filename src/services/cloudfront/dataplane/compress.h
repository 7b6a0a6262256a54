// Compression at the edge: which objects, and how.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html  Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace landfall::cloudfront {

inline constexpr size_t kSmallestCompressed = 1'000, kLargestCompressed = 10'000'000;  // bytes, as documented

bool is_compressible_type(std::string_view content_type);  // parameters are ignored
// `encodings`: normalized_encodings(). "br", "gzip" or "" if it goes as it is.
std::string_view chosen_encoding(const http::Response& head, size_t body_bytes, std::string_view encodings);
Result<std::string> compress(std::string_view bytes, std::string_view encoding);
// Content-Encoding, Vary, and the ETag weak: the bytes are others now (RFC 9110 section 8.8.1).
void mark_compressed(http::Headers& headers, std::string_view encoding);

}  // namespace landfall::cloudfront
