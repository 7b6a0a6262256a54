// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) without allocation: SigV4 does a dozen of them per
// request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace landfall {

using Sha256Digest = std::array<uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  Sha256Digest finish();  // once; then reset() before the next use
  void reset();

 private:
  alignas(8) std::array<unsigned char, 112> state_;  // OpenSSL's SHA256_CTX
};

Sha256Digest sha256(std::string_view bytes);
Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);

// A key whose two padded blocks are hashed already: for a short text, a third of an HMAC's work. Wiped when
// it dies.
class HmacSha256Key {
 public:
  HmacSha256Key() = default;
  explicit HmacSha256Key(std::string_view key);
  HmacSha256Key(const HmacSha256Key&) = default;
  HmacSha256Key& operator=(const HmacSha256Key&) = default;
  ~HmacSha256Key();
  Sha256Digest mac(std::string_view bytes) const;

 private:
  Sha256 inner_, outer_;
};

inline std::string_view as_bytes(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
std::string hex(const Sha256Digest& digest);  // 64 lower-case digits
void append_hex(std::string& out, const Sha256Digest& digest);

// Constant time in the length of the values; false at once if the lengths differ.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace landfall
