// SnapshotCell<T>: one immutable value that one thread replaces and many read. Readers on the hot path keep a
// Reader, which costs one atomic load per look and takes a reference only when the value has changed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace landfall {

template <class T>
class SnapshotCell {
 public:
  explicit SnapshotCell(std::shared_ptr<const T> first = nullptr) : value_(std::move(first)) {}

  // Any thread.
  void store(std::shared_ptr<const T> next) {
    {
      std::lock_guard lock(mutex_);
      value_.swap(next);
    }
    version_.fetch_add(1, std::memory_order_release);
  }  // the old value's reference goes here, outside the lock
  std::shared_ptr<const T> load() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

  // One per thread. The value of get() stays until the next get().
  class Reader {
   public:
    explicit Reader(const SnapshotCell& cell) : cell_(&cell) {}
    const std::shared_ptr<const T>& get() {
      const uint64_t version = cell_->version_.load(std::memory_order_acquire);
      if (version != seen_) {
        value_ = cell_->load();
        seen_ = version;
      }
      return value_;
    }

   private:
    const SnapshotCell* cell_;
    uint64_t seen_ = UINT64_MAX;
    std::shared_ptr<const T> value_;
  };

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<uint64_t> version_ = 0;
};

}  // namespace landfall
