// ObjectFile: a cached object as a file.
//
//   prefix   64 bytes: magic, sizes of head and body, sum of the head, sum of the sums, sum of the prefix
//   head     key, distribution, target, epoch, status, header fields, times
//   body     body_bytes
//   sums     crc32 of each kBlockBytes of the body
//
// Every byte is under a sum that is under the prefix's, so that a file which a power cut tore, or mixed with
// what was there before, is told from a whole one; and the key is in the head, so that it is told from
// another object's. Numbers are little-endian (this machine's; a cache does not travel). Threads: any.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/cloudfront/dataplane/object_cache.h"

namespace landfall::cloudfront {

inline constexpr size_t kPrefixBytes = 64;
inline constexpr size_t kBlockBytes = 64 * 1024;
inline constexpr size_t kMostHeadBytes = 256 * 1024;  // a file that says more is broken

struct ObjectFilePrefix {
  uint32_t head_bytes = 0, head_sum = 0, sums_sum = 0;
  uint64_t body_bytes = 0;

  uint64_t body_offset() const { return kPrefixBytes + head_bytes; }
  uint64_t sums_offset() const { return body_offset() + body_bytes; }
  uint64_t sum_count() const { return (body_bytes + kBlockBytes - 1) / kBlockBytes; }
  uint64_t file_bytes() const { return sums_offset() + sum_count() * sizeof(uint32_t); }
};

// What is written around the body.
struct ObjectFileParts {
  std::string front;  // prefix and head
  std::string sums;
};
ObjectFileParts object_file_parts(const CachedObject& object);

// The same in pieces, for a body that is still coming. The prefix is written last.
class BlockSums {
 public:
  void add(std::string_view bytes);
  std::string finish();

 private:
  std::string sums_;
  uint32_t sum_ = 0;
  size_t in_block_ = 0;
};
std::string object_file_head(const CachedObject& object);
std::string object_file_prefix(std::string_view head, uint64_t body_bytes, std::string_view sums);
uint32_t sum_of(std::string_view bytes);  // crc32

// Of bytes that may be anything.
Result<ObjectFilePrefix> parse_prefix(std::string_view bytes);
// All but the body. `bytes`: the head's, whose sum is checked.
Result<std::shared_ptr<CachedObject>> parse_head(const ObjectFilePrefix& prefix, std::string_view bytes);

// From an open file, whose size must be what it says: the head; the whole, each block checked.
Result<std::shared_ptr<CachedObject>> read_object_head(int fd);
Result<std::shared_ptr<CachedObject>> read_object(int fd);
// With the body left in the file, which is kept open.
enum class Verify { no, yes };
Result<std::shared_ptr<CachedObject>> open_object(UniqueFd fd, Verify verify);
Result<uint64_t> body_bytes_of(int fd);

}  // namespace landfall::cloudfront
