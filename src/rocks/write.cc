#include "rocks/write.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>
#include <sys/statvfs.h>

namespace landfall::rocks {

uint64_t free_bytes(const std::string& path) {
  struct statvfs space{};
  if (::statvfs(path.c_str(), &space) != 0) return UINT64_MAX;
  return uint64_t{space.f_bavail} * space.f_frsize;
}

rocksdb::Status write_synced(rocksdb::DB& db, rocksdb::WriteBatch* batch, uint64_t left_bytes,
                             const FreeBytes& free_bytes) {
  if (free_bytes(db.GetName()) < left_bytes + batch->GetDataSize())
    return rocksdb::Status::NoSpace("the disk of " + db.GetName() + " is full");
  rocksdb::WriteOptions options;
  options.sync = true;
  return db.Write(options, batch);
}

}  // namespace landfall::rocks
