#include "services/s3/dataplane/checksum.h"

#include <openssl/evp.h>

#include <array>

#include "base/encoding.h"
#include "http/message.h"
#include "services/s3/dataplane/crc32c.h"

namespace landfall::s3 {
namespace {

struct Names {
  ChecksumAlgorithm algorithm;
  std::string_view name, header;
};
constexpr Names kNames[] = {
    {ChecksumAlgorithm::crc32, "CRC32", "x-amz-checksum-crc32"},
    {ChecksumAlgorithm::crc32c, "CRC32C", "x-amz-checksum-crc32c"},
    {ChecksumAlgorithm::sha1, "SHA1", "x-amz-checksum-sha1"},
    {ChecksumAlgorithm::sha256, "SHA256", "x-amz-checksum-sha256"},
    {ChecksumAlgorithm::crc64nvme, "CRC64NVME", "x-amz-checksum-crc64nvme"},
};

// A reflected CRC of W's width, initial value and final xor all ones, eight bytes a step.
template <class W, W polynomial>
class ReflectedCrc {
 public:
  static W update(W crc, std::string_view bytes) {
    crc = ~crc;
    while (bytes.size() >= 8) {
      uint64_t word;
      __builtin_memcpy(&word, bytes.data(), 8);
      word ^= crc;
      crc = 0;
      for (int i = 0; i < 8; ++i) crc ^= kTables[7 - i][word >> 8 * i & 0xff];
      bytes.remove_prefix(8);
    }
    for (char c : bytes) crc = crc >> 8 ^ kTables[0][(crc ^ static_cast<uint8_t>(c)) & 0xff];
    return ~crc;
  }

  // The CRC of A followed by B from theirs and B's length: crc(A) * x^(8 |B|) + crc(B) modulo the polynomial.
  static W combine(W a, W b, uint64_t b_bytes) {
    W power = kOne >> 1;  // x
    W shift = kOne;       // x^0
    for (uint64_t bits = b_bytes * 8; bits != 0; bits >>= 1) {
      if (bits & 1) shift = multiply(shift, power);
      power = multiply(power, power);
    }
    return multiply(a, shift) ^ b;
  }

 private:
  static constexpr W kOne = W{1} << (sizeof(W) * 8 - 1);  // reflected: the top bit is x^0

  static W multiply(W a, W b) {
    W product = 0;
    for (W bit = kOne; bit != 0; bit >>= 1) {
      if (a & bit) product ^= b;
      b = b & 1 ? b >> 1 ^ polynomial : b >> 1;
    }
    return product;
  }

  using Tables = std::array<std::array<W, 256>, 8>;
  static Tables make_tables() {
    Tables tables{};
    for (W i = 0; i < 256; ++i) {
      W crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
      tables[0][i] = crc;
    }
    for (size_t t = 1; t < 8; ++t) {
      for (size_t i = 0; i < 256; ++i)
        tables[t][i] = tables[t - 1][i] >> 8 ^ tables[0][tables[t - 1][i] & 0xff];
    }
    return tables;
  }
  static inline const Tables kTables = make_tables();
};

using Crc32 = ReflectedCrc<uint32_t, 0xedb88320>;                 // ISO-HDLC
using Crc32cCombine = ReflectedCrc<uint32_t, 0x82f63b78>;         // Castagnoli
using Crc64Nvme = ReflectedCrc<uint64_t, 0x9a6c9329ac4bc9b5ull>;  // NVM Express, reflected 0xad93d23594c93659

template <class W>
std::string big_endian(W value) {
  std::string out;
  for (int shift = sizeof(W) * 8 - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift));
  return out;
}

template <class W>
W from_big_endian(std::string_view bytes) {
  W value = 0;
  for (char c : bytes) value = static_cast<W>(value << 8 | static_cast<uint8_t>(c));
  return value;
}

template <class W, W (*step)(W, std::string_view)>
class CrcDigest final : public Digest {
 public:
  void update(std::string_view bytes) override { crc_ = step(crc_, bytes); }
  std::string finish() override { return big_endian(crc_); }

 private:
  W crc_ = 0;
};

uint32_t crc32c_step(uint32_t crc, std::string_view bytes) { return crc32c(bytes, crc); }

class EvpDigest final : public Digest {
 public:
  explicit EvpDigest(const EVP_MD* algorithm) : context_(EVP_MD_CTX_new()) {
    LF_INVARIANT(context_ && EVP_DigestInit_ex(context_, algorithm, nullptr) == 1);
  }
  ~EvpDigest() override { EVP_MD_CTX_free(context_); }
  void update(std::string_view bytes) override { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::string finish() override {
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, out, &size);
    return {reinterpret_cast<char*>(out), size};
  }

 private:
  EVP_MD_CTX* context_;
};

size_t width_of(ChecksumAlgorithm algorithm) { return algorithm == ChecksumAlgorithm::crc64nvme ? 8 : 4; }

std::string combine_crc(ChecksumAlgorithm algorithm, std::string_view a, std::string_view b,
                        uint64_t b_bytes) {
  switch (algorithm) {
    case ChecksumAlgorithm::crc32:
      return big_endian(Crc32::combine(from_big_endian<uint32_t>(a), from_big_endian<uint32_t>(b), b_bytes));
    case ChecksumAlgorithm::crc32c:
      return big_endian(
          Crc32cCombine::combine(from_big_endian<uint32_t>(a), from_big_endian<uint32_t>(b), b_bytes));
    case ChecksumAlgorithm::crc64nvme:
      return big_endian(
          Crc64Nvme::combine(from_big_endian<uint64_t>(a), from_big_endian<uint64_t>(b), b_bytes));
    default:
      return {};
  }
}

}  // namespace

std::string_view name_of(ChecksumAlgorithm algorithm) {
  for (const Names& names : kNames) {
    if (names.algorithm == algorithm) return names.name;
  }
  return {};
}

std::string_view header_of(ChecksumAlgorithm algorithm) {
  for (const Names& names : kNames) {
    if (names.algorithm == algorithm) return names.header;
  }
  return {};
}

std::optional<ChecksumAlgorithm> parse_checksum_algorithm(std::string_view name) {
  for (const Names& names : kNames) {
    if (http::equals_ignoring_case(names.name, name)) return names.algorithm;
  }
  return std::nullopt;
}

std::optional<ChecksumAlgorithm> checksum_algorithm_of_header(std::string_view name) {
  for (const Names& names : kNames) {
    if (http::equals_ignoring_case(names.header, name)) return names.algorithm;
  }
  return std::nullopt;
}

ChecksumType default_type(ChecksumAlgorithm algorithm) {
  return algorithm == ChecksumAlgorithm::crc64nvme ? ChecksumType::full_object : ChecksumType::composite;
}

std::unique_ptr<Digest> Digest::md5() { return std::make_unique<EvpDigest>(EVP_md5()); }

std::unique_ptr<Digest> Digest::of(ChecksumAlgorithm algorithm) {
  switch (algorithm) {
    case ChecksumAlgorithm::none:
      return nullptr;
    case ChecksumAlgorithm::crc32:
      return std::make_unique<CrcDigest<uint32_t, Crc32::update>>();
    case ChecksumAlgorithm::crc32c:
      return std::make_unique<CrcDigest<uint32_t, crc32c_step>>();
    case ChecksumAlgorithm::sha1:
      return std::make_unique<EvpDigest>(EVP_sha1());
    case ChecksumAlgorithm::sha256:
      return std::make_unique<EvpDigest>(EVP_sha256());
    case ChecksumAlgorithm::crc64nvme:
      return std::make_unique<CrcDigest<uint64_t, Crc64Nvme::update>>();
  }
  return nullptr;
}

std::optional<StoredChecksum> combine_checksums(ChecksumAlgorithm algorithm, ChecksumType type,
                                                const std::vector<PartRecord>& parts) {
  std::string joined, whole;
  for (const PartRecord& part : parts) {
    if (part.checksum.algorithm != algorithm) return std::nullopt;
    auto raw = from_base64(part.checksum.value);
    if (!raw) return std::nullopt;
    if (type == ChecksumType::composite) {
      joined += *raw;
    } else {
      if (raw->size() != width_of(algorithm)) return std::nullopt;
      whole = whole.empty() ? *raw : combine_crc(algorithm, whole, *raw, part.size);
    }
  }
  if (type == ChecksumType::full_object) return StoredChecksum{algorithm, type, to_base64(whole)};
  auto digest = Digest::of(algorithm);
  digest->update(joined);
  return StoredChecksum{algorithm, type, to_base64(digest->finish()) + "-" + std::to_string(parts.size())};
}

std::string multipart_etag(const std::vector<PartRecord>& parts) {
  auto digest = Digest::md5();
  for (const PartRecord& part : parts) {
    auto raw = from_hex(part.etag);
    digest->update(raw ? *raw : part.etag);
  }
  return to_hex(digest->finish()) + "-" + std::to_string(parts.size());
}

}  // namespace landfall::s3
