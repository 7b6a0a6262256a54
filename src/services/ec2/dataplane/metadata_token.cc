#include "services/ec2/dataplane/metadata_token.h"

#include "base/encoding.h"
#include "base/sha256.h"

namespace landfall::ec2 {

inline constexpr size_t kExpiryBytes = 8, kTokenBytes = kExpiryBytes + 32;

static std::string mac_of_token(const Secret& key, std::string_view expiry, std::string_view instance_id) {
  return std::string(as_bytes(hmac_sha256(key.reveal(), std::string(expiry) + std::string(instance_id))));
}

std::string make_metadata_token(const Secret& key, std::string_view instance_id, Timestamp expires) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<uint64_t>(expires.unix_ms) >> shift & 0xff);
  return to_base64(bytes + mac_of_token(key, bytes, instance_id));
}

TokenCheck check_metadata_token(const Secret& key, std::string_view token, std::string_view instance_id,
                                Timestamp now) {
  const auto bytes = from_base64(token);
  if (!bytes || bytes->size() != kTokenBytes) return TokenCheck::forged;
  const std::string_view expiry = std::string_view(*bytes).substr(0, kExpiryBytes);
  if (!equal_constant_time(std::string_view(*bytes).substr(kExpiryBytes),
                           mac_of_token(key, expiry, instance_id)))
    return TokenCheck::forged;
  uint64_t expires_ms = 0;
  for (const char byte : expiry) expires_ms = expires_ms << 8 | static_cast<unsigned char>(byte);
  return static_cast<uint64_t>(now.unix_ms) < expires_ms ? TokenCheck::valid : TokenCheck::expired;
}

}  // namespace landfall::ec2
