// ObjectCache: answers in memory, least recently used out first, within a limit of bytes.
//
// Threads: any; a lock a shard, held for look-ups only (invalidate() walks all shards, one at a time).
// Objects are immutable and shared: who holds one may go on serving it after it was evicted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "http/message.h"

namespace landfall::cloudfront {

struct CachedObject {
  std::string key;              // CacheKey::text
  std::string distribution_id;  // with `target`: what an invalidation names
  std::string target;
  http::Response head;  // without hop-by-hop fields and Content-Length
  std::string body;
  Timestamp stored;              // or last revalidated; Age counts from here
  int64_t ttl_seconds = 0;       // fresh until stored + ttl
  bool is_error = false;         // X-Cache says "Error"
  bool compressed_here = false;  // its origin's bytes were others

  bool is_fresh(Timestamp now) const { return now.unix_ms - stored.unix_ms < ttl_seconds * 1000; }
  size_t bytes() const;  // what it counts for
};
using ObjectPtr = std::shared_ptr<const CachedObject>;

class ObjectCache {
 public:
  explicit ObjectCache(size_t limit_bytes) : shard_limit_(limit_bytes / kShards) {}

  ObjectPtr find(std::string_view key);  // null if absent; fresh or stale
  void put(ObjectPtr object);            // one that is larger than a shard is not kept
  void erase(std::string_view key);
  // Evicts a distribution's objects for which `names(target)`; how many.
  size_t invalidate(std::string_view distribution_id,
                    const std::function<bool(std::string_view target)>& names);
  size_t bytes() const;

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable std::mutex mutex;
    std::list<ObjectPtr> recent;                                                 // front: used last
    std::unordered_map<std::string_view, std::list<ObjectPtr>::iterator> index;  // keys live in the objects
    size_t bytes = 0;
  };
  Shard& shard_of(std::string_view key) { return shards_[std::hash<std::string_view>()(key) % kShards]; }
  static void drop(Shard& shard, std::list<ObjectPtr>::iterator at);

  const size_t shard_limit_;
  std::array<Shard, kShards> shards_;
};

}  // namespace landfall::cloudfront
