// Turns: connections that something came for at the same time are taken through each step together: what came
// has been read, then all work on it, then all send. So the code and the data of a step stay in the
// processor's caches from one to the next, where each alone would find them thrown out by the kernel's
// network stack: a fifth of the CPU of a proxied request, a third of that of a small object's. The idea is
// Larus' and Parkes', "Using Cohort Scheduling to Enhance Server Performance" (USENIX 2002).
//
// Who takes part reads when its descriptor is readable, and joins; works in its turn; and asks hold() before
// it sends.
//
// Threads: its loop's. Bounds: kTurns take part at once; what one sends waits no longer than kHoldNs for
// others' work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace landfall {

class EventLoop;

inline constexpr int64_t kHoldNs = 500'000;
inline constexpr size_t kTurns = 64;  // what they hold fits into a processor's second cache

// May end in any turn, also in its own.
class TurnTaker {
 public:
  virtual void take_turn() = 0;

 protected:
  ~TurnTaker() = default;  // after leave()

 private:
  friend class Turns;
  static constexpr size_t kNone = SIZE_MAX;
  size_t joined_ = kNone, held_ = kNone;  // where it stands in the lists
};

class Turns {
 public:
  explicit Turns(EventLoop& loop) : loop_(loop), alive_(std::make_shared<bool>()) {}
  // Its turn comes before the loop waits again; once, however often it joins until then.
  void join(TurnTaker& taker);
  // Asked before anything is sent. True: not now; another turn comes for it.
  bool hold(TurnTaker& taker) { return holding_ && put_off(taker); }
  void leave(TurnTaker& taker);

 private:
  bool put_off(TurnTaker& taker);
  void run();
  void send_held();

  EventLoop& loop_;
  std::shared_ptr<bool> alive_;
  std::vector<TurnTaker*> joined_, running_, held_;  // null: it left
  bool posted_ = false, in_turn_ = false, holding_ = false;
};

}  // namespace landfall
