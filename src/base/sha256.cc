// OpenSSL 3's EVP interface fetches and allocates per digest, which costs more than hashing a short string;
// the low-level calls are deprecated, not gone.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <cstring>

namespace landfall {
namespace {

SHA256_CTX* context(std::array<unsigned char, 112>& state) {
  return reinterpret_cast<SHA256_CTX*>(state.data());
}

}  // namespace

static_assert(sizeof(SHA256_CTX) <= 112 && alignof(SHA256_CTX) <= 8);

Sha256::Sha256() { reset(); }
void Sha256::reset() { SHA256_Init(context(state_)); }
void Sha256::update(std::string_view bytes) { SHA256_Update(context(state_), bytes.data(), bytes.size()); }

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), context(state_));
  return digest;
}

Sha256Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  constexpr size_t kBlockBytes = 64;
  unsigned char inner_pad[kBlockBytes], outer_pad[kBlockBytes];
  Sha256Digest hashed_key;
  if (key.size() > kBlockBytes) {
    hashed_key = sha256(key);
    key = as_bytes(hashed_key);
  }
  for (size_t i = 0; i < kBlockBytes; ++i) {
    const unsigned char k = i < key.size() ? static_cast<unsigned char>(key[i]) : 0;
    inner_pad[i] = k ^ 0x36;
    outer_pad[i] = k ^ 0x5c;
  }
  Sha256 hash;
  hash.update({reinterpret_cast<char*>(inner_pad), kBlockBytes});
  hash.update(bytes);
  const Sha256Digest inner = hash.finish();
  hash.reset();
  hash.update({reinterpret_cast<char*>(outer_pad), kBlockBytes});
  hash.update(as_bytes(inner));
  OPENSSL_cleanse(inner_pad, sizeof inner_pad);
  OPENSSL_cleanse(outer_pad, sizeof outer_pad);
  return hash.finish();
}

void append_hex(std::string& out, const Sha256Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (uint8_t byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

std::string hex(const Sha256Digest& digest) {
  std::string out;
  out.reserve(64);
  append_hex(out, digest);
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace landfall
