// ObjectCache: answers in memory, within a limit of bytes; s3_fifo.h says which stay.
//
// Threads: any; a lock a shard, held for look-ups only (invalidate() walks all shards, one at a time).
// Objects are immutable and shared: who holds one may go on serving it after it was evicted.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "http/message.h"
#include "services/cloudfront/dataplane/s3_fifo.h"

namespace landfall::cloudfront {

// Set by a hit in memory; the disk tier looks at it when it thinks of evicting the object's file.
using UseMark = std::shared_ptr<std::atomic<bool>>;

// A body that stays on disk, where the kernel's cache of pages is its memory.
struct BodyFile {
  UniqueFd fd;
  uint64_t offset = 0, bytes = 0;
  mutable std::atomic<bool> gone = false;  // evicted or replaced: whoever has it may end, nobody begins
};

struct CachedObject {
  std::string key;              // CacheKey::text
  std::string distribution_id;  // with `target`: what an invalidation names
  std::string target;
  http::Response head;  // without hop-by-hop fields and Content-Length
  std::string body;
  std::shared_ptr<const BodyFile> file;  // the body, if it is large; `body` is empty then
  uint64_t announced_bytes = 0;          // of a body that is still coming, if its origin said
  std::string lines;             // of the head, for hits: lines_of(), with Accept-Ranges; set by seal()
  int64_t age_before = 0;        // seconds: the Age that it came with
  Timestamp stored;              // or last revalidated; Age counts from here
  int64_t ttl_seconds = 0;       // fresh until stored + ttl
  uint64_t epoch = 0;            // Invalidations::sequence() when its origin was asked
  bool is_error = false;         // X-Cache says "Error"
  bool compressed_here = false;  // its origin's bytes were others
  UseMark used = std::make_shared<std::atomic<bool>>(false);

  bool is_fresh(Timestamp now) const { return now.unix_ms - stored.unix_ms < ttl_seconds * 1000; }
  uint64_t body_bytes() const { return file ? file->bytes : body.empty() ? announced_bytes : body.size(); }
  int64_t age(Timestamp now) const;  // seconds, RFC 9111 section 4.2.3
  size_t bytes() const;              // what it counts for
  void seal();                       // once its head is final, before it is shared
};
using ObjectPtr = std::shared_ptr<const CachedObject>;

// With a disk below, bodies beyond this are not kept in memory: sending a file costs less than sending
// memory, and the kernel has the pages anyway.
inline constexpr uint64_t kLargestInMemory = 512 * 1024;

class ObjectCache {
 public:
  explicit ObjectCache(size_t limit_bytes);

  ObjectPtr find(std::string_view key);  // null if absent; fresh or stale
  void put(ObjectPtr object);            // one that is larger than a shard is not kept
  void erase(std::string_view key);
  // Evicts a distribution's objects for which `names(target)`; how many.
  size_t invalidate(std::string_view distribution_id,
                    const std::function<bool(std::string_view target)>& names);
  size_t bytes() const;
  size_t largest() const { return shards_[0]->objects.limit(); }  // bytes of an object that it takes

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    explicit Shard(size_t limit_bytes) : objects(limit_bytes) {}
    mutable std::mutex mutex;
    S3Fifo<std::string_view, ObjectPtr> objects;  // keys live in the objects
  };
  Shard& shard_of(std::string_view key) { return *shards_[std::hash<std::string_view>()(key) % kShards]; }

  std::array<std::unique_ptr<Shard>, kShards> shards_;
};

}  // namespace landfall::cloudfront
