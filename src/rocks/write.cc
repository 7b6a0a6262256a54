#include "rocks/write.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>
#include <sys/statvfs.h>

namespace landfall::rocks {
namespace {

constexpr uint64_t kSmallBatchBytes = 4 << 10;
constexpr uint64_t kLeftForLargeBytes = 16 << 20, kLeftForSmallBytes = 4 << 20;

}  // namespace

rocksdb::Status write_synced(rocksdb::DB& db, rocksdb::WriteBatch* batch) {
  const uint64_t needed = batch->GetDataSize() > kSmallBatchBytes ? kLeftForLargeBytes : kLeftForSmallBytes;
  struct statvfs space{};
  if (::statvfs(db.GetName().c_str(), &space) == 0 && uint64_t{space.f_bavail} * space.f_frsize < needed)
    return rocksdb::Status::NoSpace("the disk of " + db.GetName() + " is full");
  rocksdb::WriteOptions options;
  options.sync = true;
  return db.Write(options, batch);
}

}  // namespace landfall::rocks
