#include "aws/sigv4_key.h"

#include <functional>

namespace landfall::aws::sigv4 {

std::string to_string(const Scope& scope) {
  std::string text;
  text.reserve(64);
  text += scope.date;
  text += '/';
  text += scope.region;
  text += '/';
  text += scope.service;
  text += "/aws4_request";
  return text;
}

Sha256Digest derive_signing_key(const Secret& secret, const Scope& scope) {
  const Secret prefixed("AWS4" + secret.reveal());
  Sha256Digest key = hmac_sha256(prefixed.reveal(), scope.date);
  key = hmac_sha256(as_bytes(key), scope.region);
  key = hmac_sha256(as_bytes(key), scope.service);
  return hmac_sha256(as_bytes(key), "aws4_request");
}

const Sha256Digest& SigningKeyCache::get(const Secret& secret, const Scope& scope) {
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
             derive_signing_key(secret, scope)};
  }
  return entry.key;
}

}  // namespace landfall::aws::sigv4
