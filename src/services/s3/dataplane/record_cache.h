// RecordCache: the newest versions of objects that are asked for often, decoded, so that a read costs neither
// the index nor a copy.
//
// Never out of date: the committer calls changing() before it writes to the index and changed() after it, and
// what a reader found in the index meanwhile, or looked up before, is not taken in. So nobody sees an older
// version after someone has seen a newer one.
//
// Invariant: at most kRecordCacheBytes, the least lately used of a shard go first. Threads: any; nothing
// blocks on the disk.
#pragma once

#include <array>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

inline constexpr size_t kRecordCacheBytes = 16 << 20;

class RecordCache {
 public:
  using Record = std::shared_ptr<const ObjectRecord>;
  struct Found {
    Record record;        // null: not here
    uint64_t ticket = 0;  // then for put(), after the index has been asked
  };

  explicit RecordCache(size_t limit_bytes = kRecordCacheBytes) : shard_limit_(limit_bytes / kShards) {}

  // `object` is keys.h's key_prefix().
  Found find(std::string_view object);
  void put(std::string_view object, uint64_t ticket, Record record);
  void changing(std::span<const std::string> objects);
  void changed(std::span<const std::string> objects);

 private:
  static constexpr size_t kShards = 16;  // power of two
  struct Entry {
    std::string object;
    Record record;
    size_t bytes = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;                                              // the lately used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> map;  // views of Entry::object
    size_t bytes = 0;
    uint64_t generation = 1;  // of changes
    size_t changing = 0;      // changes begun and not ended
  };
  Shard& shard_of(std::string_view object);
  static void remove(Shard& shard, std::string_view object);

  const size_t shard_limit_;
  std::array<Shard, kShards> shards_;
};

}  // namespace landfall::s3
