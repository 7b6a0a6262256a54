#include "services/s3/dataplane/transaction.h"

#include "services/s3/dataplane/keys.h"

namespace landfall::s3 {

std::shared_ptr<const BucketRecord> Transaction::bucket(std::string_view name) const {
  auto it = buckets_.find(name);
  return it == buckets_.end() ? nullptr : it->second;
}

StoreResult<std::shared_ptr<const BucketRecord>> Transaction::bucket(std::string_view name,
                                                                     BucketId id) const {
  auto found = bucket(name);
  if (!found || found->id != id) return store_fail(StoreErrc::no_such_bucket);
  return found;
}

void Transaction::put_bucket(BucketRecord record) {
  record.revision = next_sequence();
  put(Family::buckets, record.name, encode(record));
  state_.buckets_changed = true;
  std::string name = record.name;
  buckets_[name] = std::make_shared<const BucketRecord>(std::move(record));
}

void Transaction::erase_bucket(const std::string& name) {
  erase(Family::buckets, name);
  buckets_.erase(name);
  state_.buckets_changed = true;
}

StoreResult<std::optional<std::string>> Transaction::get(Family family, const std::string& key) {
  std::string value;
  rocksdb::Status status =
      batch_.GetFromBatchAndDB(&index_.db(), rocksdb::ReadOptions(), index_.family(family), key, &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(store_error(status));
  return value;
}

void Transaction::put(Family family, const std::string& key, const std::string& value) {
  rocksdb::Status status = batch_.Put(index_.family(family), key, value);
  LF_INVARIANT(status.ok(), status.ToString());
  if (family == Family::objects) state_.objects.emplace_back(prefix_of_object_key(key));
}

void Transaction::erase(Family family, const std::string& key) {
  rocksdb::Status status = batch_.Delete(index_.family(family), key);
  LF_INVARIANT(status.ok(), status.ToString());
  if (family == Family::objects) state_.objects.emplace_back(prefix_of_object_key(key));
}

std::unique_ptr<rocksdb::Iterator> Transaction::iterate(Family family) {
  rocksdb::ColumnFamilyHandle* handle = index_.family(family);
  return std::unique_ptr<rocksdb::Iterator>(
      batch_.NewIteratorWithBase(handle, index_.db().NewIterator(rocksdb::ReadOptions(), handle)));
}

StoreResult<> Transaction::add_references(const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    if (segment.kind != BodyKind::file) continue;
    const std::string key = body_key(segment.id);
    LF_TRY(auto file, get<FileRecord>(Family::files, key));
    if (!file) return store_fail(StoreErrc::no_such_key, "the source of the copy is gone");
    ++file->references;
    put(Family::files, key, encode(*file));
  }
  return {};
}

StoreResult<> Transaction::release(const std::vector<Segment>& segments) {
  for (const Segment& segment : segments) {
    const std::string key = body_key(segment.id);
    if (segment.kind == BodyKind::inlined) {
      erase(Family::bodies, key);
      continue;
    }
    LF_TRY(auto file, get<FileRecord>(Family::files, key));
    if (!file || file->references == 0)
      return store_fail(StoreErrc::corrupt, "a file's reference count is wrong");
    if (--file->references > 0) {
      put(Family::files, key, encode(*file));
      continue;
    }
    erase(Family::files, key);
    put(Family::garbage, key, "");
    released_files_.push_back(segment.id);
  }
  return {};
}

}  // namespace landfall::s3
