// DiskCache: the tier below ObjectCache: every cached object as a file, within a limit of bytes, there again
// after a restart of whatever kind.
//
//   FOLDER/invalidations       the journal (invalidations.h)
//   FOLDER/objects/ab/<hex>    objects (object_file.h), named by the SHA-256 of their key, first half
//   FOLDER/objects/new-<n>     being written; renamed when whole; removed at start
//
// Invariants: an object is never written twice in place: a file is whole or, after a power cut, told by its
// sums and dropped. Only the writer thread renames and removes files, and changes the index in the same
// breath. The files' bytes, each rounded up to blocks and one block more, stay within the limit; s3_fifo.h
// says which go. A file that an invalidation names is refused when it is read, and removed soon after.
//
// At start the index is made from the folder's names by the writer thread, before it writes anything; until
// it is there, a look-up asks the file system. What was there before the start has its place in the main
// queue, the oldest first out.
//
// Threads: all functions from any; files are touched by kReaders readers and one writer only, never by a
// loop.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/cloudfront/dataplane/file_threads.h"
#include "services/cloudfront/dataplane/invalidations.h"
#include "services/cloudfront/dataplane/object_cache.h"
#include "services/cloudfront/dataplane/s3_fifo.h"
#include "services/cloudfront/dataplane/spool.h"

namespace landfall {
class EventLoop;
}

namespace landfall::cloudfront {

struct DiskCacheOptions {
  std::string folder;  // made, owner-only, if missing
  uint64_t limit_bytes = 0;
  Invalidations* invalidations = nullptr;  // outlives the cache
};

// Never reset.
struct DiskCacheCounters {
  std::atomic<uint64_t> hits{0}, misses{0}, written{0}, evicted{0}, broken{0}, refused{0};
};

class DiskCache {
 public:
  static constexpr size_t kReaders = 2;
  static constexpr size_t kBlock = 4096;

  static Result<std::unique_ptr<DiskCache>> open(DiskCacheOptions options);
  ~DiskCache();  // writes what is queued

  // False: there is certainly none. No I/O.
  bool may_have(std::string_view key) const;
  // Null: there is none, or it may not be used. `found` runs on the loop, never inside find().
  void find(std::string key, EventLoop& loop, std::move_only_function<void(ObjectPtr)> found);
  // Later, unless too much waits to be written already.
  void put(ObjectPtr object);
  // For a large one that is still coming. Null: it could never be kept.
  std::unique_ptr<Spool> spool(EventLoop& loop, std::shared_ptr<const CachedObject> object,
                               std::optional<uint64_t> body_bytes);
  // Removes what invalidations name; until then it is only refused.
  void sweep();

  uint64_t bytes() const;
  size_t count() const;
  const DiskCacheCounters& counters() const { return counters_; }
  void wait();  // until the writer has done all that is queued now. For tests.

 private:
  using Digest = std::array<uint8_t, 16>;
  struct DigestHash {
    size_t operator()(const Digest& digest) const {
      size_t hash;
      static_assert(sizeof hash <= sizeof digest);
      __builtin_memcpy(&hash, digest.data(), sizeof hash);
      return hash;
    }
  };
  struct OnDisk {
    UseMark used;
    std::weak_ptr<const BodyFile> open;  // of a large one that is in memory's index
    bool verified = false;  // large: all of it has been checked since the start, or written since
  };
  using Index = S3Fifo<Digest, OnDisk, DigestHash>;

  explicit DiskCache(DiskCacheOptions options);
  Result<> start();
  std::string folder_of_objects() const { return options_.folder + "/objects"; }
  std::string path_of(const Digest& digest) const;
  static Digest digest_of(std::string_view key);
  static size_t charged(uint64_t file_bytes);

  // Readers.
  ObjectPtr read(const std::string& key);
  // The writer.
  void load_index();
  void clear_orphans();
  Result<> write(const CachedObject& object);
  void make_room(const Digest& digest, size_t bytes);
  void remove(const Digest& digest);
  void remove_if_broken(const Digest& digest);
  friend class Spool;
  void spool_open(Spool::State& state);
  void spool_write(Spool::State& state, const std::string& bytes);
  ObjectPtr spool_finish(Spool::State& state);
  void spool_drop(Spool::State& state);
  Result<> spool_end(Spool::State& state);
  static void mark_gone(const OnDisk& entry);
  void sweep_some(std::shared_ptr<struct Sweep> sweep);
  void complain(const Error& error);

  const DiskCacheOptions options_;
  mutable std::mutex mutex_;  // of index_
  Index index_;
  std::atomic<bool> index_loaded_ = false;
  std::atomic<uint64_t> queued_bytes_ = 0;
  std::atomic<bool> sweep_due_ = false, ending_ = false;
  int64_t complained_ns_ = 0;    // writer
  uint64_t temporary_ = 0;       // writer
  uint64_t spooling_bytes_ = 0;  // writer: of files that are still coming; they count
  DiskCacheCounters counters_;
  std::unique_ptr<FileThreads> writer_, readers_;
};

}  // namespace landfall::cloudfront
