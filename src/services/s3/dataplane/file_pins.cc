#include "services/s3/dataplane/file_pins.h"

namespace landfall::s3 {

void FilePins::pin(BodyId id) {
  std::lock_guard lock(mutex_);
  ++pinned_[id].pins;
}

void FilePins::unpin(BodyId id) {
  {
    std::lock_guard lock(mutex_);
    auto it = pinned_.find(id);
    if (--it->second.pins > 0) return;
    const bool remove = it->second.removal_deferred;
    pinned_.erase(it);
    if (!remove) return;
  }
  remove_(id);
}

bool FilePins::may_remove(BodyId id) {
  std::lock_guard lock(mutex_);
  auto it = pinned_.find(id);
  if (it == pinned_.end()) return true;
  it->second.removal_deferred = true;
  return false;
}

}  // namespace landfall::s3
