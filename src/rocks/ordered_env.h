// The environment that every RocksDB of Landfall is opened with.
//
// RocksDB makes a manifest, syncs its bytes, renames a file that names it to CURRENT, and only then syncs the
// directory. POSIX lets a power cut keep that rename and lose the manifest's name: the database could not be
// opened then. Here the directory is synced before such a rename, too: two syncs more at each start. Found by
// s3's power_cut_test. Nor does it ever sync the name of its own directory, with which everything in it could
// go: that is done when it is made. Found by the store's power_cut_test.
#pragma once

namespace rocksdb {
class Env;
}

namespace landfall::rocks {

// Lives as long as the process. Threads: any.
rocksdb::Env* ordered_env();

}  // namespace landfall::rocks
