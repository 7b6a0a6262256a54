// LogDelivery: takes the spool's segments to S3, each period and whenever one is full.
//
// A segment is written under a key of its own (destination.h), by the first of its writers that the bucket
// lets in. One that fails is tried again in each following period, kAttempts times and no longer than
// kOldestMs; then it is dropped, counted and told. A segment is delivered at least once; a second time
// replaces the same object.
//
// Threads: the loop's, but counters() and problems(), which are for all. Files are read and compressed on the
// loop: give it one that carries no traffic.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "delivery/line_buffer.h"
#include "delivery/spool.h"
#include "runtime/event_loop.h"

namespace landfall::delivery {

inline constexpr int64_t kPeriodMs = 300'000;        // as ALB's
inline constexpr int kAttempts = 12;                 // an hour of the usual period
inline constexpr int64_t kOldestMs = 24 * 3600'000;  // beyond that, across restarts too
inline constexpr size_t kProblems = 64;              // destinations that are told about

struct PutObject {
  std::string bucket, region, key, content_type, body;
  Writer writer;
  std::string source_arn, source_account;
};
enum class PutOutcome { stored, denied, failed };
struct PutAnswer {
  PutOutcome outcome = PutOutcome::failed;
  std::string message;  // unless stored: "AccessDenied: Access Denied"
};
// `done` is called once, on `loop`, now or later.
using Put =
    std::function<void(EventLoop& loop, PutObject object, std::move_only_function<void(PutAnswer)> done)>;

struct DeliveryCounters {
  uint64_t delivered_files = 0, failed_attempts = 0, given_up_files = 0;
};
struct DeliveryProblem {
  std::string what, why;
};

class LogDelivery {
 public:
  struct Options {
    EventLoop& loop;
    std::shared_ptr<Spool> spool;
    Put put;
    int64_t period_ms = kPeriodMs;
    // Has buffers that no worker owns flushed: each kFlushMs, and before files are closed. May be empty.
    std::function<void()> gather;
  };
  explicit LogDelivery(Options options);
  ~LogDelivery();

  void start();  // the first round at once, for what an earlier process left
  // All that was appended until now, whatever the period; `done` when each segment has been tried.
  void deliver_now(std::move_only_function<void()> done);

  DeliveryCounters counters() const;
  std::vector<DeliveryProblem> problems() const;  // the last failure of each destination that has one

 private:
  struct Waiting {
    Segment segment;
    int attempts = 0;
  };
  void schedule();
  void schedule_gathering();
  void round(std::move_only_function<void()> done);
  void next();
  void later(std::move_only_function<void()> step);  // unless this has gone by then
  void write(std::shared_ptr<const Destination> destination, PutObject object, size_t writer);
  void settle(const Destination* destination, PutAnswer answer);
  void give_up(const std::string& what, const std::string& why);
  void remember(const std::string& what, std::string why);

  EventLoop& loop_;
  const std::shared_ptr<Spool> spool_;
  const Put put_;
  const int64_t period_ms_;
  const std::function<void()> gather_;
  TimerId timer_ = 0, gathering_ = 0;
  std::deque<Waiting> queue_;    // of the round at hand; the front is under way
  std::vector<Waiting> failed_;  // for the next round
  std::vector<std::move_only_function<void()>> done_;
  bool running_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>();

  mutable std::mutex mutex_;  // guards what follows
  DeliveryCounters counters_;
  std::map<std::string, std::string> problems_;  // by "logs of <source> to <bucket>"
};

}  // namespace landfall::delivery
