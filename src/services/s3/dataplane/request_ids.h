// RequestIds: the names of requests that clients see (x-amz-request-id, x-amz-id-2). They tell requests apart
// in logs and are no secret, so a generator that is seeded once will do. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/random.h"

namespace landfall::s3 {

class RequestIds {
 public:
  explicit RequestIds(Random& seed) : random_(make_seed(seed)) {}

  std::string request_id() { return from("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 5, 16); }
  std::string host_id() {
    return from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 64);
  }

 private:
  static uint64_t make_seed(Random& random) {
    uint64_t seed = 0;
    random.fill(&seed, sizeof seed);
    return seed;
  }

  // `alphabet` has 1 << bits characters.
  std::string from(const char* alphabet, int bits, size_t characters) {
    std::string out(characters, '\0');
    uint64_t word = 0;
    int left = 0;
    for (char& c : out) {
      if (left < bits) {
        random_.fill(&word, sizeof word);
        left = 64;
      }
      c = alphabet[word & ((1U << bits) - 1)];
      word >>= bits;
      left -= bits;
    }
    return out;
  }

  SeededRandom random_;
};

}  // namespace landfall::s3
