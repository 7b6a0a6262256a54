#include "aws/sigv4_key.h"

#include <functional>

namespace landfall::aws::sigv4 {

void append_scope(std::string& out, const Scope& scope) {
  out.append(scope.date).append("/").append(scope.region).append("/").append(scope.service);
  out.append("/aws4_request");
}

std::string to_string(const Scope& scope) {
  std::string text;
  append_scope(text, scope);
  return text;
}

Sha256Digest derive_signing_key(const Secret& secret, const Scope& scope) {
  const Secret prefixed("AWS4" + secret.reveal());
  Sha256Digest key = hmac_sha256(prefixed.reveal(), scope.date);
  key = hmac_sha256(as_bytes(key), scope.region);
  key = hmac_sha256(as_bytes(key), scope.service);
  return hmac_sha256(as_bytes(key), "aws4_request");
}

const HmacSha256Key& SigningKeyCache::get(const Secret& secret, const Scope& scope) {
  const std::hash<std::string_view> hash;
  const size_t slot =
      (hash(secret.reveal()) * 31 + hash(scope.date) * 7 + hash(scope.region) * 3 + hash(scope.service)) &
      (kEntries - 1);
  Entry& entry = entries_[slot];
  const bool same = !entry.secret.empty() && entry.secret.equals(secret.reveal()) &&
                    entry.date == scope.date && entry.region == scope.region &&
                    entry.service == scope.service;
  if (!same) {
    entry = {secret, std::string(scope.date), std::string(scope.region), std::string(scope.service),
             HmacSha256Key(as_bytes(derive_signing_key(secret, scope)))};
  }
  return entry.key;
}

}  // namespace landfall::aws::sigv4
