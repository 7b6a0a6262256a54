// The derived signing key: HMAC chain over date, region, service and "aws4_request", and a small cache of it,
// since a client uses one scope all day and the chain costs as much as the rest of a verification.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "base/sha256.h"

namespace landfall::aws::sigv4 {

struct Scope {
  std::string_view date;  // YYYYMMDD
  std::string_view region;
  std::string_view service;
};

void append_scope(std::string& out, const Scope& scope);
std::string to_string(const Scope& scope);  // 20150830/us-east-1/iam/aws4_request
Sha256Digest derive_signing_key(const Secret& secret, const Scope& scope);

// Direct-mapped; an entry is used only if secret and scope are equal in full. One thread.
class SigningKeyCache {
 public:
  const HmacSha256Key& get(const Secret& secret, const Scope& scope);

 private:
  static constexpr size_t kEntries = 64;  // power of two; about 24 KB a thread
  struct Entry {
    Secret secret;
    std::string date, region, service;
    HmacSha256Key key;
  };
  std::array<Entry, kEntries> entries_;
};

}  // namespace landfall::aws::sigv4
