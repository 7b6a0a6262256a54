// ASCII letters, whatever the locale: what host names, header names and AWS's case-insensitive identifiers
// are made of.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace landfall {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

namespace ascii_detail {

inline constexpr uint64_t kOnes = 0x0101010101010101, kTops = 0x8080808080808080;

inline uint64_t load(const char* text, size_t bytes) {
  uint64_t word = 0;
  std::memcpy(&word, text, bytes);
  return word;
}

// At least one of eight bytes is below `limit` (at most 0x80).
inline bool any_below(uint64_t word, unsigned char limit) {
  return ((word - kOnes * limit) & ~word & kTops) != 0;
}

// At least one of eight bytes is zero.
inline bool any_zero(uint64_t word) { return ((word - kOnes) & ~word & kTops) != 0; }

// The top bit of each byte from `first` to `last`; for bytes below 0x80.
inline uint64_t within(uint64_t word, unsigned char first, unsigned char last) {
  return ((word + kOnes * (0x80U - first)) ^ (word + kOnes * (0x7fU - last))) & kTops;
}

// Eight characters at once: they differ in nothing but the case of letters.
inline bool same_but_case(uint64_t a, uint64_t b) {
  const uint64_t differs = a ^ b;
  if (differs == 0) return true;
  if ((differs & ~(kOnes * 0x20)) != 0) return false;
  const uint64_t lower = a | kOnes * 0x20;
  const uint64_t letters = within(lower & ~kTops, 'a', 'z') & ~lower;
  return ((differs << 2) & ~letters & kTops) == 0;
}

}  // namespace ascii_detail

// A byte below `limit` (at most 0x80), as control characters are.
inline bool has_byte_below(std::string_view text, unsigned char limit) {
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8)
    if (ascii_detail::any_below(ascii_detail::load(text.data() + at, 8), limit)) return true;
  for (; at < text.size(); ++at)
    if (static_cast<unsigned char>(text[at]) < limit) return true;
  return false;
}

// A control character, a quotation mark or a backslash: what a quoted string cannot hold as it is (RFC 9110
// section 5.6.4).
inline bool needs_quoting(std::string_view text) {
  using namespace ascii_detail;
  const auto found = [](uint64_t word) {
    return any_below(word, 0x20) || any_zero(word ^ kOnes * '"') || any_zero(word ^ kOnes * '\\');
  };
  const size_t size = text.size();
  if (size >= 8) {
    for (size_t at = 0; at + 8 < size; at += 8)
      if (found(load(text.data() + at, 8))) return true;
    return found(load(text.data() + size - 8, 8));
  }
  for (const unsigned char c : text)
    if (c < 0x20 || c == '"' || c == '\\') return true;
  return false;
}

inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  using namespace ascii_detail;
  if (a.size() != b.size()) return false;
  const size_t size = a.size();
  if (size >= 8) {
    for (size_t at = 0; at + 8 < size; at += 8)
      if (!same_but_case(load(a.data() + at, 8), load(b.data() + at, 8))) return false;
    return same_but_case(load(a.data() + size - 8, 8), load(b.data() + size - 8, 8));
  }
  if (size >= 4)
    return same_but_case(load(a.data(), 4) << 32 | load(a.data() + size - 4, 4),
                         load(b.data(), 4) << 32 | load(b.data() + size - 4, 4));
  for (size_t at = 0; at < size; ++at)
    if (ascii_lower(a[at]) != ascii_lower(b[at])) return false;
  return true;
}

}  // namespace landfall
