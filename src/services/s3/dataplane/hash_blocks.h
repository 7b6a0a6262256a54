// MD5 (RFC 1321) and SHA-256 (FIPS 180-4) of several texts at once. Each step of such a hash waits for the
// one before, so one text leaves most of a processor idle; the steps of eight fit side by side into vector
// registers and take about as long as one's.
//
// Pure. The states are OpenSSL's, so that whoever has one text only goes on with MD5_Update(),
// SHA256_Update().
#pragma once

#include <openssl/md5.h>
#include <openssl/sha.h>

#include <cstddef>
#include <span>

namespace landfall::s3 {

inline constexpr size_t kHashLanes = 8;
inline constexpr size_t kHashBlockBytes = 64;  // of both

template <class State>
struct HashLane {
  State* state = nullptr;  // at the end of a block (num is 0)
  const unsigned char* data = nullptr;
};
using Md5Lane = HashLane<MD5_CTX>;
using Sha256Lane = HashLane<SHA256_CTX>;

// Fewer texts than that are hashed faster one after the other, on this processor. More than kHashLanes:
// always.
size_t md5_lanes_that_pay();
size_t sha256_lanes_that_pay();

// Hashes `blocks` blocks of each lane's data, of at most kHashLanes. Lanes differ in state and data.
void md5_blocks(std::span<Md5Lane> lanes, size_t blocks);
void sha256_blocks(std::span<Sha256Lane> lanes, size_t blocks);

}  // namespace landfall::s3
