// Cohort: connections whose requests came together are taken through each step together: all have been read,
// all are answered, then all write. So the code and the data of a step stay in the processor's caches from
// one connection to the next: a seventh of the CPU of a small signed request of S3. The idea is Larus' and
// Parkes', "Using Cohort Scheduling to Enhance Server Performance" (USENIX 2002).
//
// Threads: its loop's. Bound: kCohortConnections; with that many, or with the events of one wait of the loop,
// it runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace landfall {
class EventLoop;
}

namespace landfall::http {

class ServerConnection;

// Answers wait no longer than this for those of others: control's handlers wait for the disk, each by itself.
inline constexpr int64_t kCohortHoldNs = 500'000;
inline constexpr size_t kCohortConnections = 64;  // what they hold fits into a processor's second cache

class Cohort {
 public:
  explicit Cohort(EventLoop& loop) : loop_(loop) {}
  // A connection that has read; its turn comes before the loop waits again. The caller holds it, too.
  void join(std::shared_ptr<ServerConnection> connection);

 private:
  void run();

  EventLoop& loop_;
  std::vector<std::shared_ptr<ServerConnection>> members_, running_;
  bool posted_ = false;
};

}  // namespace landfall::http
