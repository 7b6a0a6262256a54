// Queue: the work of all reconcilers. A reconciler makes one resource as it should be, one step at a time:
//
//   queue.add("ec2.instance", [&](std::string_view id) -> Outcome { ... });     // id as in the store's table
//   store.watch(kInstances, [&](const store::Change& c) { queue.enqueue("ec2.instance", c.id); });
//
// Level-triggered: a step reads the whole desired and observed state and does what is next; it is told
// nothing of what changed. Serial per resource; a resource enqueued while it waits is done once. A step does
// not block: to wait, it returns Outcome::wait() and is enqueued again by whatever it waits for, or
// Outcome::after(ms). A failed step is tried again with backoff (kFirstBackoffMs doubling to kMaxBackoffMs),
// and after kStuckFailures in a row the resource is reported as stuck, with its last error, by `landfall
// status`.
//
// Threads: the loop's.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/event_loop.h"

namespace landfall::reconcile {

inline constexpr int64_t kFirstBackoffMs = 100;
inline constexpr int64_t kMaxBackoffMs = 30'000;
inline constexpr int kStuckFailures = 5;
inline constexpr int kStepsPerRound = 32;  // then other events get their turn

class Outcome {
 public:
  static Outcome done() { return {}; }
  static Outcome wait() { return {}; }  // as done(): somebody will enqueue it again; says why nothing happens
  static Outcome after(int64_t ms) {
    Outcome outcome;
    outcome.again_ms_ = ms;
    return outcome;
  }
  static Outcome failed(std::string why) {
    Outcome outcome;
    outcome.error_ = std::move(why);
    return outcome;
  }
  int64_t again_ms() const { return again_ms_; }  // -1: not by the clock
  const std::string& error() const { return error_; }

 private:
  int64_t again_ms_ = -1;
  std::string error_;
};

using Step = std::function<Outcome(std::string_view id)>;

struct Trouble {  // of one resource whose last step failed
  std::string reconciler, id, error;
  int failures = 0;
};

class Queue {
 public:
  explicit Queue(EventLoop& loop) : loop_(loop) {}
  Queue(const Queue&) = delete;

  void add(std::string reconciler, Step step);
  void enqueue(std::string_view reconciler, std::string_view id);
  void enqueue_after(std::string_view reconciler, std::string_view id, int64_t ms);

  size_t depth() const { return ready_.size(); }
  std::vector<Trouble> troubles() const;

 private:
  using Key = std::pair<std::string, std::string>;
  struct State {
    int failures = 0;
    std::string error;
    TimerId timer = 0;
  };
  void schedule();
  void round();
  void run(const Key& key);
  void later(const Key& key, int64_t ms);

  EventLoop& loop_;
  std::map<std::string, Step, std::less<>> steps_;
  std::vector<Key> ready_;       // in order of arrival
  std::set<Key> queued_;         // the same, to find one
  std::map<Key, State> states_;  // those with a timer or a failure
  bool scheduled_ = false;
};

}  // namespace landfall::reconcile
