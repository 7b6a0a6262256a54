#include "reconcile/queue.h"

#include <algorithm>
#include <exception>

#include "base/log.h"

namespace landfall::reconcile {

void Queue::add(std::string reconciler, Step step) {
  LF_INVARIANT(steps_.emplace(std::move(reconciler), std::move(step)).second, "two reconcilers of one name");
}

void Queue::enqueue(std::string_view reconciler, std::string_view id) {
  Key key(reconciler, id);
  if (!queued_.insert(key).second) return;
  ready_.push_back(std::move(key));
  schedule();
}

void Queue::enqueue_after(std::string_view reconciler, std::string_view id, int64_t ms) {
  later(Key(reconciler, id), ms);
}

void Queue::later(const Key& key, int64_t ms) {
  State& state = states_[key];
  loop_.cancel(state.timer);
  state.timer = loop_.after_ms(ms, [this, key] {
    auto it = states_.find(key);
    if (it != states_.end()) {
      it->second.timer = 0;
      if (it->second.failures == 0) states_.erase(it);
    }
    enqueue(key.first, key.second);
  });
}

void Queue::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  loop_.post([this] { round(); });
}

void Queue::round() {
  scheduled_ = false;
  const size_t count = std::min<size_t>(ready_.size(), kStepsPerRound);
  std::vector<Key> keys(std::make_move_iterator(ready_.begin()),
                        std::make_move_iterator(ready_.begin() + count));
  ready_.erase(ready_.begin(), ready_.begin() + count);
  for (const Key& key : keys) queued_.erase(key);
  for (const Key& key : keys) run(key);
  if (!ready_.empty()) schedule();
}

void Queue::run(const Key& key) {
  auto step = steps_.find(key.first);
  LF_INVARIANT(step != steps_.end(), "no reconciler of that name: " + key.first);
  Outcome outcome;
  try {
    outcome = step->second(key.second);
  } catch (const std::exception&
               error) {  // a ServiceError of an operation that the step called; reported, retried
    outcome = Outcome::failed(error.what());
  }
  if (!outcome.error().empty()) {
    State& state = states_[key];
    state.error = outcome.error();
    ++state.failures;
    if (state.failures == 1 || state.failures == kStuckFailures)
      log::warn("reconcile {} {}: {}{}", key.first, key.second, state.error,
                state.failures == kStuckFailures ? " (stuck)" : "");
    later(key, std::min(kMaxBackoffMs, kFirstBackoffMs << std::min(state.failures - 1, 20)));
    return;
  }
  if (auto it = states_.find(key); it != states_.end()) {
    it->second.failures = 0;
    it->second.error.clear();
    if (it->second.timer == 0) states_.erase(it);
  }
  if (outcome.again_ms() >= 0) later(key, outcome.again_ms());
}

std::vector<Trouble> Queue::troubles() const {
  std::vector<Trouble> list;
  for (const auto& [key, state] : states_)
    if (state.failures > 0) list.push_back({key.first, key.second, state.error, state.failures});
  return list;
}

}  // namespace landfall::reconcile
