// Countdown: calls `done` when as many parts as it was made for have said that they are through. Threads:
// any; `done` runs on the last one's. Shared by the parts.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace landfall {

class Countdown {
 public:
  Countdown(size_t parts, std::move_only_function<void()> done) : left_(parts), done_(std::move(done)) {}

  void one() {
    if (left_.fetch_sub(1) == 1) done_();
  }

  // What a part is given to call, once.
  static std::move_only_function<void()> part(std::shared_ptr<Countdown> countdown) {
    return [countdown = std::move(countdown)] { countdown->one(); };
  }

 private:
  std::atomic<size_t> left_;
  std::move_only_function<void()> done_;
};

}  // namespace landfall
