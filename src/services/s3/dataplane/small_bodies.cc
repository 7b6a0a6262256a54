#include "services/s3/dataplane/small_bodies.h"

namespace landfall::s3 {

size_t SmallBodies::charged(const Body& body) {
  constexpr size_t kOverhead = 192;  // the nodes and the allocations
  return body->size() + kOverhead;
}

SmallBodies::Body SmallBodies::find(BodyId id) {
  std::lock_guard lock(mutex_);
  auto it = by_id_.find(id);
  if (it == by_id_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return it->second->body;
}

void SmallBodies::put(BodyId id, Body body) {
  std::list<Entry> gone;  // freed outside the lock
  std::lock_guard lock(mutex_);
  if (by_id_.contains(id)) return;
  bytes_ += charged(body);
  entries_.push_front({id, std::move(body)});
  by_id_[id] = entries_.begin();
  while (bytes_ > limit_bytes_) {
    bytes_ -= charged(entries_.back().body);
    by_id_.erase(entries_.back().id);
    gone.splice(gone.begin(), entries_, std::prev(entries_.end()));
  }
}

size_t SmallBodies::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace landfall::s3
