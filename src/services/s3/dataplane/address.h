// Which bucket and key a request names: path-style (host/bucket/key) or virtual-hosted-style
// (bucket.host/key). https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/s3/dataplane/s3_error.h"

namespace landfall::s3 {

inline constexpr size_t kMaxKeyBytes = 1024;

struct Address {
  std::string bucket;  // empty: the service itself
  std::string key;     // decoded; empty: the bucket itself
  std::string path;    // percent-encoded and path-style, whatever the request's style was
};

// The bucket in a virtual-hosted Host header ("bucket.s3.us-east-1.amazonaws.com:443"); nullopt: path-style.
std::optional<std::string> bucket_in_host(std::string_view host);
bool is_s3_host(std::string_view host);

// `host` as in the Host header, `path` percent-encoded. InvalidURI, KeyTooLongError.
S3Result<Address> parse_address(std::string_view host, std::string_view path);

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_valid_bucket_name(std::string_view name);

}  // namespace landfall::s3
