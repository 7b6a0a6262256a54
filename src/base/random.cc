#include "base/random.h"

#include <sys/random.h>

#include <algorithm>
#include <cstring>

#include "base/result.h"

namespace landfall {
namespace {

class SystemRandom final : public Random {
 public:
  void fill(void* bytes, size_t count) override {
    auto* out = static_cast<char*>(bytes);
    while (count > 0) {
      ssize_t got = getrandom(out, count, 0);
      if (got < 0) {
        LF_INVARIANT(errno == EINTR, "getrandom failed");
        continue;
      }
      out += got;
      count -= static_cast<size_t>(got);
    }
  }
};

}  // namespace

Random& Random::system() {
  static SystemRandom random;
  return random;
}

std::string Random::bytes(size_t count) {
  std::string out(count, '\0');
  fill(out.data(), count);
  return out;
}

uint64_t Random::below(uint64_t bound) {
  LF_INVARIANT(bound > 0);
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value;
  do {
    fill(&value, sizeof value);
  } while (value >= limit);
  return value % bound;
}

std::string Random::from(const char* alphabet, size_t characters) {
  const size_t size = std::strlen(alphabet);
  std::string out;
  out.reserve(characters);
  for (size_t i = 0; i < characters; ++i) out += alphabet[below(size)];
  return out;
}

std::string Random::hex(size_t characters) { return from("0123456789abcdef", characters); }

std::string Random::uuid() {
  std::string hex_digits = hex(32);
  hex_digits[12] = '4';
  hex_digits[16] = "89ab"[below(4)];
  return hex_digits.substr(0, 8) + "-" + hex_digits.substr(8, 4) + "-" + hex_digits.substr(12, 4) + "-" +
         hex_digits.substr(16, 4) + "-" + hex_digits.substr(20);
}

void SeededRandom::fill(void* bytes, size_t count) {
  auto* out = static_cast<unsigned char*>(bytes);
  while (count > 0) {  // splitmix64
    state_ += 0x9e3779b97f4a7c15ULL;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z ^= z >> 31;
    const size_t part = std::min(count, sizeof z);
    std::memcpy(out, &z, part);
    out += part;
    count -= part;
  }
}

}  // namespace landfall
