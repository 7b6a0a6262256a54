// Spool: a large object on its way to disk while it is still coming from its origin.
//
// Threads: write(), finish() and the destructor on one loop's; the file is touched by the disk's writer only.
// Dropped without finish(): the file is removed. Bounded: has_room() is false while kMostPending bytes wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <sys/types.h>

#include "base/unique_fd.h"
#include "services/cloudfront/dataplane/object_file.h"

namespace landfall {
class EventLoop;
}

namespace landfall::cloudfront {

class DiskCache;

class Spool {
 public:
  static constexpr uint64_t kMostPending = 4 * 1024 * 1024;

  Spool(DiskCache& disk, EventLoop& loop, std::shared_ptr<const CachedObject> object);
  ~Spool();

  void write(std::string bytes);
  // Bytes of the body that read() finds, also after a failure.
  uint64_t written() const { return state_->written.load(std::memory_order_acquire); }
  bool failed() const { return state_->failed.load(std::memory_order_acquire); }
  ssize_t read(char* buffer, size_t size, uint64_t offset) const;  // below written()
  bool has_room() const { return state_->pending.load() < kMostPending; }
  void on_room(std::move_only_function<void()> room);  // called once, when half has gone
  // What is on disk now, or null. On the loop.
  void finish(std::move_only_function<void(ObjectPtr)> done);

 private:
  friend class DiskCache;
  // Shared with the writer's jobs; all but the atomics is the writer's.
  struct State {
    EventLoop* loop;
    std::shared_ptr<const CachedObject> object;
    std::string path;
    UniqueFd file;
    std::string head;
    BlockSums sums;
    uint64_t body_bytes = 0;
    UniqueFd reader;  // anybody's once `written` is not 0
    uint64_t body_offset = 0;
    std::atomic<bool> failed{false};
    std::atomic<uint64_t> pending{0}, written{0};
  };
  DiskCache& disk_;
  std::shared_ptr<State> state_;
  bool finished_ = false;
};

}  // namespace landfall::cloudfront
