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

HmacSha256Key::HmacSha256Key(std::string_view key) {
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
  inner_.update({reinterpret_cast<char*>(inner_pad), kBlockBytes});
  outer_.update({reinterpret_cast<char*>(outer_pad), kBlockBytes});
  OPENSSL_cleanse(inner_pad, sizeof inner_pad);
  OPENSSL_cleanse(outer_pad, sizeof outer_pad);
}

HmacSha256Key::~HmacSha256Key() {
  OPENSSL_cleanse(&inner_, sizeof inner_);
  OPENSSL_cleanse(&outer_, sizeof outer_);
}

Sha256Digest HmacSha256Key::mac(std::string_view bytes) const {
  Sha256 hash = inner_;
  hash.update(bytes);
  const Sha256Digest inner = hash.finish();
  hash = outer_;
  hash.update(as_bytes(inner));
  return hash.finish();
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  return HmacSha256Key(key).mac(bytes);
}

void append_hex(std::string& out, const Sha256Digest& digest) {
  static constexpr auto kPairs = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (size_t byte = 0; byte < pairs.size(); ++byte)
      pairs[byte] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
    return pairs;
  }();
  char text[2 * std::tuple_size_v<Sha256Digest>];
  for (size_t i = 0; i < digest.size(); ++i) std::memcpy(text + 2 * i, kPairs[digest[i]].data(), 2);
  out.append(text, sizeof text);
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
