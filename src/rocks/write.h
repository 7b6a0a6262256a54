// A synced write to a RocksDB of Landfall's, refused while the disk has room for it still.
//
// Once a write to its log has failed for want of space, RocksDB (as Debian builds it) ends the process at the
// next one by an assertion. So it is not let come to that: a batch is refused as long as little space is
// left, and taken again once there is more. Small batches, deletions among them, may use more of the last
// than large ones.
#pragma once

#include <rocksdb/status.h>

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace landfall::rocks {

// Durable when it returns ok. NoSpace: nothing was written, ask again later. Blocks; any thread.
rocksdb::Status write_synced(rocksdb::DB& db, rocksdb::WriteBatch* batch);

}  // namespace landfall::rocks
