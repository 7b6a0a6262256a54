// OpenSSL's EVP interface hides the state; the low-level one is deprecated, not gone.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "services/s3/dataplane/hash_blocks.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/result.h"

namespace landfall::s3 {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

using Words = uint32_t __attribute__((vector_size(4 * kHashLanes)));  // one word of each lane

#define LF_INLINE inline __attribute__((always_inline))

// RFC 1321 section 3.4: the integer part of 4294967296 times abs(sin(i + 1)).
constexpr uint32_t kSines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

LF_INLINE Words rotated_left(Words x, int bits) { return x << bits | x >> (32 - bits); }
LF_INLINE Words rotated_right(Words x, int bits) { return x >> bits | x << (32 - bits); }

// Rows become columns: eight words of each lane become eight words of all lanes.
LF_INLINE void transpose(Words (&rows)[kHashLanes]) {
  static_assert(kHashLanes == 8);
  Words pairs[8], fours[8];
  for (size_t i = 0; i < 8; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (size_t half = 0; half < 8; half += 4)
    for (size_t i = 0; i < 2; ++i) {
      const Words &low = pairs[half + i], &high = pairs[half + i + 2];
      fours[half + 2 * i] = __builtin_shufflevector(low, high, 0, 1, 8, 9, 4, 5, 12, 13);
      fours[half + 2 * i + 1] = __builtin_shufflevector(low, high, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (size_t i = 0; i < 4; ++i) {
    rows[i] = __builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[i + 4] = __builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

// RFC 1321 section 3.4: F, G, H and I.
struct AnyLogic {
  template <size_t round>
  LF_INLINE static Words mixed(Words b, Words c, Words d) {
    if constexpr (round == 0) return d ^ (b & (c ^ d));
    if constexpr (round == 1) return c ^ (d & (b ^ c));
    if constexpr (round == 2) return b ^ c ^ d;
    return c ^ (b | ~d);
  }
  LF_INLINE static void keep(Words&) {}
};

#if defined(__x86_64__) && !defined(__clang__)
// Each is one instruction. In assembler: an intrinsic could not be inlined into a template that is compiled
// for any processor. Clang, which builds the fuzzers, takes such operands in functions for AVX only.
struct Avx512Logic {
  template <size_t round>
  LF_INLINE static Words mixed(Words b, Words c, Words d) {
    constexpr int kTruth[] = {0xca, 0xe4, 0x96, 0x39};
    asm("vpternlogd %3, %2, %1, %0" : "+v"(b) : "v"(c), "v"(d), "i"(kTruth[round]));
    return b;
  }
  LF_INLINE static void keep(Words& words) { asm("" : "+v"(words)); }
};
#else
using Avx512Logic = AnyLogic;
#endif

template <class Logic, size_t i>
LF_INLINE void md5_step(Words (&state)[4], const Words (&block)[16]) {
  constexpr size_t round = i / 16;
  constexpr size_t word = round == 0   ? i
                          : round == 1 ? (5 * i + 1) % 16
                          : round == 2 ? (3 * i + 5) % 16
                                       : 7 * i % 16;
  constexpr int shift = kShifts[round][i % 4];
  Words& a = state[(64 - i) % 4];
  const Words &b = state[(65 - i) % 4], &c = state[(66 - i) % 4], &d = state[(67 - i) % 4];
  // What does not wait for the step before comes first, and stays there: a compiler that adds it to `mixed`
  // instead makes each step an addition longer.
  a += block[word] + kSines[i];
  Logic::keep(a);
  a += Logic::template mixed<round>(b, c, d);
  a = b + rotated_left(a, shift);
}

template <class Logic>
struct Md5Words {
  using State = MD5_CTX;
  static constexpr size_t kWords = 4;
  LF_INLINE static Words in_order(Words words) { return words; }
  LF_INLINE static void load(const State& state, uint32_t (&words)[kWords]) {
    words[0] = state.A, words[1] = state.B, words[2] = state.C, words[3] = state.D;
  }
  LF_INLINE static void store(State& state, const uint32_t (&words)[kWords]) {
    state.A = words[0], state.B = words[1], state.C = words[2], state.D = words[3];
  }
  template <size_t i>
  LF_INLINE static void step(Words (&state)[kWords], Words (&block)[16]) {
    md5_step<Logic, i>(state, block);
  }
};

// FIPS 180-4 section 4.2.2.
constexpr uint32_t kCubeRoots[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// FIPS 180-4 section 6.2.2; the block's sixteen words are the window of the message schedule.
template <size_t i>
LF_INLINE void sha256_step(Words (&state)[8], Words (&block)[16]) {
  if constexpr (i >= 16) {
    const Words w2 = block[(i - 2) % 16], w15 = block[(i - 15) % 16];
    block[i % 16] += (rotated_right(w2, 17) ^ rotated_right(w2, 19) ^ w2 >> 10) + block[(i - 7) % 16] +
                     (rotated_right(w15, 7) ^ rotated_right(w15, 18) ^ w15 >> 3);
  }
  const Words &a = state[(64 - i) % 8], &b = state[(65 - i) % 8], &c = state[(66 - i) % 8];
  const Words &e = state[(68 - i) % 8], &f = state[(69 - i) % 8], &g = state[(70 - i) % 8];
  Words &d = state[(67 - i) % 8], &h = state[(71 - i) % 8];
  h += (rotated_right(e, 6) ^ rotated_right(e, 11) ^ rotated_right(e, 25)) + (g ^ (e & (f ^ g))) +
       kCubeRoots[i] + block[i % 16];
  d += h;
  h += (rotated_right(a, 2) ^ rotated_right(a, 13) ^ rotated_right(a, 22)) + ((a & b) | (c & (a | b)));
}

struct Sha256Words {
  using State = SHA256_CTX;
  static constexpr size_t kWords = 8;
  LF_INLINE static Words in_order(Words words) {  // big-endian
    return rotated_left(words & 0x00ff00ff, 24) | rotated_left(words & 0xff00ff00, 8);
  }
  LF_INLINE static void load(const State& state, uint32_t (&words)[kWords]) {
    std::memcpy(words, state.h, sizeof words);
  }
  LF_INLINE static void store(State& state, const uint32_t (&words)[kWords]) {
    std::memcpy(state.h, words, sizeof words);
  }
  template <size_t i>
  LF_INLINE static void step(Words (&state)[kWords], Words (&block)[16]) {
    sha256_step<i>(state, block);
  }
};

template <class Kind, size_t... i>
LF_INLINE void all_steps(Words (&state)[Kind::kWords], Words (&block)[16], std::index_sequence<i...>) {
  (Kind::template step<i>(state, block), ...);
}

template <class Kind>
LF_INLINE void hash(const HashLane<typename Kind::State> (&lanes)[kHashLanes], size_t blocks) {
  Words state[Kind::kWords];
  for (size_t lane = 0; lane < kHashLanes; ++lane) {
    uint32_t words[Kind::kWords];
    Kind::load(*lanes[lane].state, words);
    for (size_t i = 0; i < Kind::kWords; ++i) state[i][lane] = words[i];
  }
  for (size_t at = 0; at < blocks * kHashBlockBytes; at += kHashBlockBytes) {
    Words block[16];
    for (size_t half = 0; half < 2; ++half) {
      Words rows[kHashLanes];
      for (size_t lane = 0; lane < kHashLanes; ++lane)
        std::memcpy(&rows[lane], lanes[lane].data + at + half * sizeof(Words), sizeof(Words));
      transpose(rows);
      for (size_t word = 0; word < 8; ++word) block[8 * half + word] = Kind::in_order(rows[word]);
    }
    Words before[Kind::kWords];
    for (size_t i = 0; i < Kind::kWords; ++i) before[i] = state[i];
    all_steps<Kind>(state, block, std::make_index_sequence<64>());
    for (size_t i = 0; i < Kind::kWords; ++i) state[i] += before[i];
  }
  for (size_t lane = 0; lane < kHashLanes; ++lane) {
    uint32_t words[Kind::kWords];
    for (size_t i = 0; i < Kind::kWords; ++i) words[i] = state[i][lane];
    Kind::store(*lanes[lane].state, words);
  }
}

// The same code for each kind of vector register.
struct Choice {
  void (*md5)(const Md5Lane (&)[kHashLanes], size_t);
  void (*sha256)(const Sha256Lane (&)[kHashLanes], size_t);
  size_t md5_lanes_that_pay, sha256_lanes_that_pay;  // measured
};
#define LF_CHOICE(name, logic, attribute)                                             \
  attribute void md5_##name(const Md5Lane(&lanes)[kHashLanes], size_t blocks) {       \
    hash<Md5Words<logic>>(lanes, blocks);                                             \
  }                                                                                   \
  attribute void sha256_##name(const Sha256Lane(&lanes)[kHashLanes], size_t blocks) { \
    hash<Sha256Words>(lanes, blocks);                                                 \
  }
#if defined(__x86_64__)
LF_CHOICE(avx512, Avx512Logic, __attribute__((target("avx512f,avx512vl"))))
LF_CHOICE(avx2, AnyLogic, __attribute__((target("avx2"))))
#endif
LF_CHOICE(any, AnyLogic, )

#if defined(__x86_64__)
// Then OpenSSL's SHA-256 of one text takes less than half of what its own steps took.
bool has_sha_instructions() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bit_SHA) != 0;
}
#endif

Choice choose() {
#if defined(__x86_64__)
  const bool sha = has_sha_instructions();
  if (__builtin_cpu_supports("avx512vl")) return {md5_avx512, sha256_avx512, 2, sha ? 6UL : 3UL};
  if (__builtin_cpu_supports("avx2")) return {md5_avx2, sha256_avx2, 3, sha ? kHashLanes + 1 : 4};
  return {md5_any, sha256_any, 6, sha ? kHashLanes + 1 : 6};
#else
  return {md5_any, sha256_any, 6, 6};
#endif
}
const Choice kChoice = choose();

template <class State, class Run>
void run_lanes(std::span<HashLane<State>> lanes, size_t blocks, Run run) {
  LF_INVARIANT(!lanes.empty() && lanes.size() <= kHashLanes);
  State unused{};
  HashLane<State> all[kHashLanes];
  for (size_t i = 0; i < kHashLanes; ++i)
    all[i] = i < lanes.size() ? lanes[i] : HashLane<State>{.state = &unused, .data = lanes[0].data};
  for (const HashLane<State>& lane : lanes) LF_INVARIANT(lane.state->num == 0);
  run(all, blocks);
  for (const HashLane<State>& lane : lanes) {  // counted as MD5_Update() and SHA256_Update() do
    State& state = *lane.state;
    const uint64_t bits = (static_cast<uint64_t>(state.Nh) << 32 | state.Nl) + 8 * blocks * kHashBlockBytes;
    state.Nl = static_cast<uint32_t>(bits);
    state.Nh = static_cast<uint32_t>(bits >> 32);
  }
}

}  // namespace

size_t md5_lanes_that_pay() { return kChoice.md5_lanes_that_pay; }

size_t sha256_lanes_that_pay() { return kChoice.sha256_lanes_that_pay; }

void md5_blocks(std::span<Md5Lane> lanes, size_t blocks) { run_lanes(lanes, blocks, kChoice.md5); }

void sha256_blocks(std::span<Sha256Lane> lanes, size_t blocks) { run_lanes(lanes, blocks, kChoice.sha256); }

}  // namespace landfall::s3
