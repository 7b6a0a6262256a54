// Index: the RocksDB database of the object store and its column families. Only files of this folder include
// RocksDB.
//
//   meta     "epoch", "sequence", "bucket_id": counters
//   buckets  name                          -> BucketRecord
//   objects  bucket, key, ~sequence        -> ObjectRecord     (keys.h)
//   uploads  bucket, key, upload id        -> UploadRecord
//   parts    upload id, part number        -> PartRecord
//   bodies   body id                       -> the bytes of a small object, in RocksDB's blob files once
//   flushed files    body id                       -> FileRecord garbage  body id                       -> ""
//   : a file that nothing refers to any more and that is still to be unlinked
//
// Invariants: every inlined segment has its `bodies` entry and every file segment its `files` entry, whose
// reference count is the number of object versions and parts that name it; all change in the same write as
// what names them.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <memory>
#include <string>

#include "base/result.h"
#include "services/s3/dataplane/store_error.h"

namespace landfall::s3 {

enum class Family { meta, buckets, objects, uploads, parts, bodies, files, garbage };
inline constexpr size_t kFamilies = 8;

class Index {
 public:
  static Result<std::unique_ptr<Index>> open(const std::string& directory);
  ~Index();

  rocksdb::DB& db() { return *db_; }
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    return handles_[static_cast<size_t>(family) + 1];
  }

  enum class Blocking { allowed, memory_only };
  enum class Found { yes, no, not_in_memory };  // not_in_memory: only with Blocking::memory_only
  StoreResult<Found> get(Family family, const std::string& key, std::string* value,
                         Blocking blocking = Blocking::allowed);

  // What waits to be written out, and what was read: both are bounded, and fill over minutes.
  uint64_t buffer_bytes() const;

 private:
  Index() = default;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies + 1>
      handles_{};  // [0] is RocksDB's default family, unused
};

StoreError store_error(const rocksdb::Status& status);

}  // namespace landfall::s3
