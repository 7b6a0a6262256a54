#include "http/cohort.h"

#include "base/clock.h"
#include "http/server_connection.h"
#include "runtime/event_loop.h"

namespace landfall::http {

void Cohort::join(std::shared_ptr<ServerConnection> connection) {
  members_.push_back(std::move(connection));
  if (members_.size() >= kCohortConnections) return run();
  if (posted_) return;
  posted_ = true;
  // A member keeps the context alive, and with it this.
  loop_.post([this, keep = members_.back()] {
    posted_ = false;
    run();
  });
}

void Cohort::run() {
  LF_INVARIANT(running_.empty(), "no handler runs the loop");
  running_.swap(members_);
  const Clock& clock = loop_.clock();
  int64_t begun_ns = clock.monotonic_ns();
  size_t held = 0;  // the first whose output is
  for (size_t i = 0; i < running_.size(); ++i) {
    running_[i]->take_turn(Output::held);
    const int64_t now_ns = clock.monotonic_ns();
    if (i + 1 < running_.size() && now_ns - begun_ns < kCohortHoldNs) continue;
    for (; held <= i; ++held) running_[held]->take_turn(Output::flows);
    begun_ns = now_ns;
  }
  running_.clear();
}

}  // namespace landfall::http
