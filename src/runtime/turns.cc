#include "runtime/turns.h"

#include "base/clock.h"
#include "base/result.h"
#include "runtime/event_loop.h"

namespace landfall {

void Turns::join(TurnTaker& taker) {
  if (taker.joined_ != TurnTaker::kNone) return;
  taker.joined_ = joined_.size();
  joined_.push_back(&taker);
  if (joined_.size() >= kTurns && !in_turn_) return run();
  if (posted_) return;
  posted_ = true;
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    posted_ = false;
    run();
  });
}

bool Turns::put_off(TurnTaker& taker) {
  if (taker.held_ == TurnTaker::kNone) {
    taker.held_ = held_.size();
    held_.push_back(&taker);
  }
  return true;
}

// One that takes part is in joined_ until the turns begin, then in running_ under the same number.
void Turns::leave(TurnTaker& taker) {
  if (taker.joined_ != TurnTaker::kNone) {
    auto& list = taker.joined_ < joined_.size() && joined_[taker.joined_] == &taker ? joined_ : running_;
    LF_INVARIANT(list[taker.joined_] == &taker);
    list[taker.joined_] = nullptr;
  }
  if (taker.held_ != TurnTaker::kNone) held_[taker.held_] = nullptr;
  taker.joined_ = taker.held_ = TurnTaker::kNone;  // it may come back, or leave once more at its end
}

void Turns::run() {
  LF_INVARIANT(!in_turn_, "no turn runs the loop");
  const std::weak_ptr alive(alive_);  // a turn may end all of them
  in_turn_ = holding_ = true;
  running_.swap(joined_);
  const Clock& clock = loop_.clock();
  int64_t begun_ns = clock.monotonic_ns();
  for (size_t i = 0; i < running_.size(); ++i) {
    TurnTaker* taker = running_[i];
    if (taker == nullptr) continue;
    taker->joined_ = TurnTaker::kNone;
    taker->take_turn();
    if (alive.expired()) return;
    if (held_.empty() || i + 1 == running_.size()) continue;
    const int64_t now_ns = clock.monotonic_ns();
    if (now_ns - begun_ns < kHoldNs) continue;
    send_held();
    if (alive.expired()) return;
    begun_ns = now_ns;
  }
  send_held();
  if (alive.expired()) return;
  running_.clear();
  in_turn_ = holding_ = false;
}

void Turns::send_held() {
  const std::weak_ptr alive(alive_);
  holding_ = false;
  for (size_t i = 0; i < held_.size(); ++i) {  // none is added while nothing is held
    TurnTaker* taker = held_[i];
    if (taker == nullptr) continue;
    taker->held_ = TurnTaker::kNone;
    taker->take_turn();
    if (alive.expired()) return;
  }
  held_.clear();
  holding_ = true;
}

}  // namespace landfall
