#include "services/s3/dataplane/index.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "rocks/ordered_env.h"

namespace landfall::s3 {
namespace {

constexpr size_t kBlockCacheBytes = 64 << 20;
constexpr size_t kWriteBufferBytes = 32 << 20;
constexpr uint64_t kSmallestBlobBytes = 1024;
constexpr uint64_t kMaxWalBytes = 256 << 20;

constexpr const char* kFamilyNames[kFamilies] = {"meta",  "buckets", "objects", "uploads",
                                                 "parts", "bodies",  "files",   "garbage"};

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = kWriteBufferBytes;
  options.compression = rocksdb::kNoCompression;
  if (family == Family::bodies) {
    options.enable_blob_files = true;
    options.min_blob_size = kSmallestBlobBytes;
    options.enable_blob_garbage_collection = true;
  }
  return options;
}

}  // namespace

StoreError store_error(const rocksdb::Status& status) {
  const StoreErrc code = status.IsCorruption() ? StoreErrc::corrupt
                         : status.IsNoSpace()  ? StoreErrc::no_space
                                               : StoreErrc::io;
  return {code, "index: " + status.ToString()};
}

Result<std::unique_ptr<Index>> Index::open(const std::string& directory) {
  rocksdb::DBOptions options;
  options.env = rocks::ordered_env();
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_total_wal_size = kMaxWalBytes;
  options.recycle_log_file_num =
      2;  // a log that is overwritten needs no metadata journalled at each fdatasync
  options.keep_log_file_num = 2;
  options.max_background_jobs = 2;
  auto cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options(Family::meta, cache));
  for (size_t i = 0; i < kFamilies; ++i) {
    families.emplace_back(kFamilyNames[i], family_options(static_cast<Family>(i), cache));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, directory, families, &handles, &db);
  if (!status.ok()) return fail("open the object index " + directory + ": " + status.ToString());
  std::unique_ptr<Index> index(new Index);
  index->db_.reset(db);
  std::copy(handles.begin(), handles.end(), index->handles_.begin());
  return index;
}

Index::~Index() {
  for (auto* handle : handles_) {
    if (handle) db_->DestroyColumnFamilyHandle(handle);
  }
}

uint64_t Index::buffer_bytes() const {
  uint64_t sum = 0, each = 0;
  for (auto* handle : handles_)
    if (db_->GetIntProperty(handle, rocksdb::DB::Properties::kSizeAllMemTables, &each)) sum += each;
  // One cache for all families.
  if (db_->GetIntProperty(handles_.back(), rocksdb::DB::Properties::kBlockCacheUsage, &each)) sum += each;
  return sum;
}

StoreResult<Index::Found> Index::get(Family family, const std::string& key, std::string* value,
                                     Blocking blocking) {
  rocksdb::ReadOptions options;
  if (blocking == Blocking::memory_only) options.read_tier = rocksdb::kBlockCacheTier;
  rocksdb::Status status = db_->Get(options, this->family(family), key, value);
  if (status.ok()) return Found::yes;
  if (status.IsNotFound()) return Found::no;
  if (status.IsIncomplete()) return Found::not_in_memory;
  return std::unexpected(store_error(status));
}

}  // namespace landfall::s3
