// BodyFiles: the files that hold bodies larger than kInlineBytes. Knows nothing of the index.
//
// Layout: DIR/incoming/<id>                      being written
//         DIR/objects/<epoch>/<counter / 4096>/<id>  whole, fsynced, renamed here before the index may name
//         it
// Invariants: a file under objects/ never changes. Each start of the store has an epoch of its own, so that
// the files which a crash left without an index entry are all in earlier epochs (swept at start, see
// ObjectStore). Threads: any; calls block on the disk.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "rocks/free_space.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

inline constexpr uint64_t kBlockBytes =
    256 * 1024;  // a ranged read verifies whole blocks: small enough to waste little

// Makes directories whose names survive a power cut. A directory that is there already may be one that
// somebody else has just made and not yet synced: so each is synced into its parent here before the first
// answer, once. Threads: any.
class DurableDirectories {
 public:
  DurableDirectories();
  ~DurableDirectories();
  Result<> make(const std::string& path);

 private:
  struct Made;
  std::unique_ptr<Made> made_;
};

class BodyFiles {
 public:
  // Makes the directories and empties incoming/.
  static Result<BodyFiles> open(std::string directory, rocks::FreeBytes free_bytes = rocks::free_bytes);

  std::string path(BodyId id) const;
  std::string incoming_path(BodyId id) const;

  // ENOSPC if so many bytes more would take what is kept for deletions: without this, one large upload leaves
  // a disk on which nothing can be deleted.
  Result<> room_for(uint64_t bytes) const;
  Result<UniqueFd> create_incoming(BodyId id) const;
  // fsync, rename into objects/, fsync of that directory: after this the file survives a power cut.
  Result<> publish(BodyId id, int fd) const;
  Result<> discard_incoming(BodyId id) const;

  Result<UniqueFd> open_body(BodyId id) const;  // error_number ENOENT: released meanwhile
  Result<> remove(BodyId id) const;             // of one that is gone already: fine

  // Every file of the epochs in [first, end).
  Result<> for_each_between(uint32_t first, uint32_t end, const std::function<Result<>(BodyId)>& visit) const;

 private:
  BodyFiles(std::string directory, rocks::FreeBytes free_bytes)
      : directory_(std::move(directory)),
        free_bytes_(std::move(free_bytes)),
        directories_(std::make_unique<DurableDirectories>()) {}
  std::string directory_of(BodyId id) const;

  std::string directory_;
  rocks::FreeBytes free_bytes_;
  std::unique_ptr<DurableDirectories> directories_;
};

}  // namespace landfall::s3
