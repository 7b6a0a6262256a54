#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include "rocks/ordered_env.h"
#include "rocks/write.h"
#include "store/backend.h"

namespace landfall::store {
namespace {

// The store keeps every document in memory; RocksDB's own caches can be small.
constexpr size_t kWriteBufferBytes = 4 * 1024 * 1024;
constexpr int kInfoLogFiles = 2;
constexpr size_t kInfoLogBytes = 1024 * 1024;
// Small ones may use the last of the disk: what stops or deletes a thing writes a little first.
constexpr size_t kSmallBatchBytes = 4 * 1024;

class RocksBackend final : public Backend {
 public:
  explicit RocksBackend(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

  Result<> apply(const std::vector<Write>& writes) override {
    rocksdb::WriteBatch batch;
    for (const Write& write : writes) {
      if (write.value) {
        batch.Put(write.key, *write.value);
      } else {
        batch.Delete(write.key);
      }
    }
    // Synced: an answered call survives a power cut.
    const bool small = batch.GetDataSize() <= kSmallBatchBytes;
    const uint64_t left_bytes = small ? rocks::kLeftForRocksDb : rocks::kLeftForDeletions;
    if (auto status = rocks::write_synced(*db_, &batch, left_bytes, rocks::free_bytes); !status.ok())
      return fail("store write: " + status.ToString());
    return {};
  }

  Result<> load(const std::function<void(std::string_view, std::string_view)>& visit) override {
    std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
    for (it->SeekToFirst(); it->Valid(); it->Next())
      visit({it->key().data(), it->key().size()}, {it->value().data(), it->value().size()});
    if (!it->status().ok()) return fail("store read: " + it->status().ToString());
    return {};
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace

Result<std::unique_ptr<Backend>> rocksdb_backend(const std::string& folder, OpenMode mode) {
  rocksdb::Options options;
  options.env = rocks::ordered_env();
  options.create_if_missing = true;
  options.write_buffer_size = kWriteBufferBytes;
  options.keep_log_file_num = kInfoLogFiles;
  options.max_log_file_size = kInfoLogBytes;
  options.max_background_jobs = 2;
  // A record cut short by a crash was never answered; anything else torn is corruption and must be seen.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocksdb::DB* db = nullptr;
  const auto status = mode == OpenMode::read_only ? rocksdb::DB::OpenForReadOnly(options, folder, &db)
                                                  : rocksdb::DB::Open(options, folder, &db);
  if (!status.ok()) return fail("open the store in " + folder + ": " + status.ToString());
  return std::make_unique<RocksBackend>(std::unique_ptr<rocksdb::DB>(db));
}

}  // namespace landfall::store
