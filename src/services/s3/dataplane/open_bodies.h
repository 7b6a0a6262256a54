// OpenBodies: the files of bodies that are read now or were lately, open, and when each of their blocks was
// last found to match its checksum.
//
// A body's file never changes, so a block that matched a moment ago goes from the page cache to the socket
// (sendfile) without passing through us again. What rots on disk is still found: a verdict holds for
// kVerifiedSeconds, then the block's next reader verifies it anew.
//
// Invariants: at most kOpenBodies files are kept, the least lately used go first; one that is being sent
// stays open until then. A file that the store removes is forgotten, so that its space is freed: open() is
// called only for a pinned file, forget() only for one without pins (file_pins.h). Threads: any. Only open()
// and verify() block on the disk.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "services/s3/dataplane/body_files.h"
#include "services/s3/dataplane/records.h"
#include "services/s3/dataplane/store_error.h"

namespace landfall::s3 {

inline constexpr size_t kOpenBodies = 512;
inline constexpr int64_t kVerifiedSeconds = 300;

class OpenBody {
 public:
  OpenBody(UniqueFd fd, FileRecord record, std::string path, const Clock& clock);

  const UniqueFd& fd() const { return fd_; }
  uint64_t size() const { return record_.size; }
  // How many of the `length` bytes from `offset` on lie in blocks that have been verified lately.
  uint64_t verified(uint64_t offset, uint64_t length) const;
  // Reads the block that `offset` lies in and compares it with its checksum. The view is of the whole block,
  // good until this thread verifies another.
  StoreResult<std::string_view> verify(uint64_t offset);

 private:
  uint32_t now_seconds() const;

  const UniqueFd fd_;
  const FileRecord record_;
  const std::string path_;  // for messages
  const Clock& clock_;
  std::vector<std::atomic<uint32_t>> good_until_;  // a block each; monotonic seconds, 0: never verified
};

class OpenBodies {
 public:
  OpenBodies(const BodyFiles& files, const Clock& clock) : files_(files), clock_(clock) {}

  std::shared_ptr<OpenBody> find(BodyId id);  // null: not open
  StoreResult<std::shared_ptr<OpenBody>> open(BodyId id, const FileRecord& record);
  void forget(BodyId id);

 private:
  struct Entry {
    BodyId id;
    std::shared_ptr<OpenBody> body;
  };
  using Entries = std::list<Entry>;  // the lately used first

  const BodyFiles& files_;
  const Clock& clock_;
  std::mutex mutex_;
  Entries entries_;
  std::map<BodyId, Entries::iterator> by_id_;
};

}  // namespace landfall::s3
