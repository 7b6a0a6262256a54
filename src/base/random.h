// Random: bytes from the operating system, injected so that tests can repeat themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace landfall {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(void* bytes, size_t count) = 0;
  static Random& system();  // getrandom(2); thread safe

  std::string bytes(size_t count);
  std::string hex(size_t characters);  // lower case
  // characters drawn evenly from `alphabet`
  std::string from(const char* alphabet, size_t characters);
  uint64_t below(uint64_t bound);  // even in [0, bound)
  std::string uuid();              // RFC 9562 version 4
};

// Repeatable; for tests only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}
  void fill(void* bytes, size_t count) override;

 private:
  uint64_t state_;
};

}  // namespace landfall
