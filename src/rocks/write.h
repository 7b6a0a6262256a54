// A synced write to a RocksDB of Landfall's, refused while the disk has room for it still.
//
// Once a write to its log has failed for want of space, RocksDB (as Debian builds it) ends the process at the
// next one by an assertion. So it is not let come to that: a batch is refused as long as it would leave too
// little space, and taken again once there is more.
#pragma once

#include <rocksdb/status.h>

#include "rocks/free_space.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace landfall::rocks {

// Durable when it returns ok. IsNoSpace(): it would have left less than `left_bytes` on the disk; nothing was
// written, ask again later. Blocks; any thread.
rocksdb::Status write_synced(rocksdb::DB& db, rocksdb::WriteBatch* batch, uint64_t left_bytes,
                             const FreeBytes& free_bytes);

}  // namespace landfall::rocks
