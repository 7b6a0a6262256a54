// Committer: one thread that applies mutations to the index, in order, and makes a group of them durable with
// one synced write of RocksDB's log. While a group is being synced the next one gathers: the busier, the
// larger the groups.
//
// Invariants: `done` with success is called only after the mutation is on disk. A mutation whose `apply`
// fails leaves nothing behind. Failures are reported after the group is on disk too, since they may rest on
// what it wrote. A disk that is nearly full takes what frees room and refuses the rest, each for itself: a
// deletion does not fail for what it shared a group with.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "rocks/free_space.h"
#include "services/s3/dataplane/record_cache.h"
#include "services/s3/dataplane/records.h"
#include "services/s3/dataplane/store_error.h"
#include "services/s3/dataplane/transaction.h"

namespace landfall::s3 {

// frees: taken on a full disk too, for it makes room on it, or is how the user says what may go.
enum class Effect { grows, frees };

struct Mutation {
  std::move_only_function<StoreResult<>(Transaction&)> apply;
  std::move_only_function<void(StoreResult<>)> done;  // on the committer's thread: hand over, do no work
  size_t bytes = 0;                                   // of bodies it writes, for the bound of the queue
  Effect effect = Effect::grows;
};

inline constexpr size_t kMaxQueuedMutations = 8192;
inline constexpr size_t kMaxQueuedBytes = 64 << 20;
inline constexpr size_t kMaxGroup = 512;  // mutations: bounds the delay of the first in a group

struct CommitterCounters {
  std::atomic<uint64_t> mutations{0};
  std::atomic<uint64_t> groups{0};  // synced writes
};

class Committer {
 public:
  using Buckets = std::map<std::string, std::shared_ptr<const BucketRecord>, std::less<>>;
  // `released`: files that nothing refers to any more; called on the committer's thread after the group is
  // durable.
  static StoreResult<std::unique_ptr<Committer>> create(Index& index, RecordCache& records,
                                                        std::function<void(std::vector<BodyId>)> released,
                                                        rocks::FreeBytes free_bytes);
  ~Committer();  // applies what is queued first

  // Refused with StoreErrc::busy, `done` not called, when the queue is full.
  StoreResult<> submit(Mutation mutation);

  std::shared_ptr<const Buckets> buckets() const { return published_.load(std::memory_order_acquire); }
  const CommitterCounters& counters() const { return counters_; }

 private:
  Committer(Index& index, RecordCache& records, std::function<void(std::vector<BodyId>)> released,
            rocks::FreeBytes free_bytes)
      : index_(index),
        records_(records),
        released_(std::move(released)),
        free_bytes_(std::move(free_bytes)) {}
  StoreResult<> load();
  void run();
  void commit(std::vector<Mutation> group);
  bool room_to_grow(const std::vector<Mutation>& group) const;

  Index& index_;
  RecordCache& records_;
  std::function<void(std::vector<BodyId>)> released_;
  const rocks::FreeBytes free_bytes_;
  // The committer thread's own; `published_` is its copy after the last durable group.
  Buckets working_;
  uint64_t sequence_ = 0;
  uint64_t bucket_id_ = 0;
  std::atomic<std::shared_ptr<const Buckets>> published_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Mutation> queue_;
  size_t queued_bytes_ = 0;
  bool stopping_ = false;
  CommitterCounters counters_;
  std::thread thread_;
};

}  // namespace landfall::s3
