// MemoryBudget: how much memory those messages may take together that have to be whole before anything can be
// done with them. Strangers decide how many there are, and how slowly they come.
//
// Threads: any. What a Share has taken is given back when it goes; its budget must outlive it.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace landfall {

class MemoryBudget {
 public:
  explicit MemoryBudget(size_t limit_bytes) : limit_(limit_bytes) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  size_t used() const { return used_.load(std::memory_order_relaxed); }

  // What one message has of it. The first kFreeBytes are not counted: when long messages have used all up,
  // short ones, of which the number of connections allows only so many, are taken still.
  class Share {
   public:
    static constexpr size_t kFreeBytes = 64 * 1024;

    Share() = default;
    explicit Share(MemoryBudget& budget) : budget_(&budget) {}
    Share(Share&& other) noexcept { *this = std::move(other); }
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share() {
      if (counted() > 0) budget_->used_.fetch_sub(counted(), std::memory_order_relaxed);
    }

    // False: there is not that much left; nothing has changed.
    bool grow(size_t bytes) {
      const size_t before = counted();
      bytes_ += bytes;
      const size_t more = counted() - before;
      if (more == 0) return true;
      if (budget_->used_.fetch_add(more, std::memory_order_relaxed) + more <= budget_->limit_) return true;
      budget_->used_.fetch_sub(more, std::memory_order_relaxed);
      bytes_ -= bytes;
      return false;
    }

   private:
    size_t counted() const { return bytes_ > kFreeBytes ? bytes_ - kFreeBytes : 0; }

    MemoryBudget* budget_ = nullptr;
    size_t bytes_ = 0;
  };

 private:
  const size_t limit_;
  std::atomic<size_t> used_ = 0;
};

// This process's. 512 MiB: eight of the longest bodies (64 MiB, to a distribution), 128 of an API call's.
inline constexpr size_t kWholeMessagesBytes = 512 * 1024 * 1024;
inline MemoryBudget& whole_messages() {
  static MemoryBudget budget(kWholeMessagesBytes);
  return budget;
}

}  // namespace landfall
