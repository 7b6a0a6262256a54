#include "services/s3/dataplane/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace landfall::s3 {
namespace {

constexpr uint32_t kReflectedPolynomial = 0x82f63b78;

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ kReflectedPolynomial : crc >> 1;
    table[i] = crc;
  }
  return table;
}
constexpr auto kTable = make_table();

uint32_t by_table(std::string_view bytes, uint32_t crc) {
  for (char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  return crc;
}

#if defined(__x86_64__)
// One CRC waits for its instruction three cycles of four; three stretches side by side keep it busy. Then the
// CRC of the first is taken past what followed, which to a CRC are that many zeros, and so on.
constexpr size_t kStretchBytes = 1024;

// Of a CRC's four bytes, each by itself: what it is kStretchBytes zeros later.
constexpr auto kLater = [] {
  std::array<std::array<uint32_t, 256>, 4> later{};
  for (size_t bit = 0; bit < 32; ++bit) {
    uint32_t crc = 1U << bit;
    for (size_t i = 0; i < kStretchBytes; ++i) crc = crc >> 8 ^ kTable[crc & 0xff];
    for (size_t value = 0; value < 256; ++value)
      if (value >> bit % 8 & 1) later[bit / 8][value] ^= crc;
  }
  return later;
}();

uint64_t stretch_later(uint64_t crc) {
  return kLater[0][crc & 0xff] ^ kLater[1][crc >> 8 & 0xff] ^ kLater[2][crc >> 16 & 0xff] ^
         kLater[3][crc >> 24 & 0xff];
}

uint64_t word_at(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

__attribute__((target("sse4.2"))) uint32_t by_instruction(std::string_view bytes, uint32_t crc) {
  uint64_t wide = crc;
  while (bytes.size() >= 3 * kStretchBytes) {
    uint64_t second = 0, third = 0;
    for (const char* at = bytes.data(); at < bytes.data() + kStretchBytes; at += 8) {
      wide = _mm_crc32_u64(wide, word_at(at));
      second = _mm_crc32_u64(second, word_at(at + kStretchBytes));
      third = _mm_crc32_u64(third, word_at(at + 2 * kStretchBytes));
    }
    wide = stretch_later(stretch_later(wide) ^ second) ^ third;
    bytes.remove_prefix(3 * kStretchBytes);
  }
  while (bytes.size() >= 8) {
    wide = _mm_crc32_u64(wide, word_at(bytes.data()));
    bytes.remove_prefix(8);
  }
  crc = static_cast<uint32_t>(wide);
  for (char c : bytes) crc = _mm_crc32_u8(crc, static_cast<uint8_t>(c));
  return crc;
}
#endif

}  // namespace

uint32_t crc32c(std::string_view bytes, uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return ~by_instruction(bytes, ~before);
#endif
  return ~by_table(bytes, ~before);
}

}  // namespace landfall::s3
