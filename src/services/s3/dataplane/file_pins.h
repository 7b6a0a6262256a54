// FilePins: which files are being read, so that a file released meanwhile is unlinked only after its last
// reader.
//
// Threads: any.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

class FilePins {
 public:
  // `remove` is told of a file whose removal was deferred, once its last pin is gone.
  explicit FilePins(std::function<void(BodyId)> remove) : remove_(std::move(remove)) {}

  void pin(BodyId id);
  void unpin(BodyId id);
  // True: nobody reads it, unlink it now. False: `remove` will be called later.
  bool may_remove(BodyId id);

 private:
  struct State {
    size_t pins = 0;
    bool removal_deferred = false;
  };
  std::function<void(BodyId)> remove_;
  std::mutex mutex_;
  std::map<BodyId, State> pinned_;
};

}  // namespace landfall::s3
