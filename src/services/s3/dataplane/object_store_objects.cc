// ObjectStore's functions on object versions.
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/store_submit.h"

namespace landfall::s3 {
namespace {

constexpr const char* kNullVersion = "null";
// A version written while the bucket was never versioned has this sequence: it is the oldest of its key, and
// a point lookup finds it.
constexpr uint64_t kUnversionedSequence = 0;

std::optional<ObjectRecord> record_at(rocksdb::Iterator& it) {
  auto parsed = parse_object_key(it.key().ToStringView());
  auto record = decode<ObjectRecord>(it.value().ToStringView());
  if (!parsed || !record) return std::nullopt;
  record->sequence = parsed->sequence;
  return record;
}

StoreResult<ObjectRecord> decode_object(std::string_view bytes, uint64_t sequence) {
  auto record = decode<ObjectRecord>(bytes);
  if (!record) return store_fail(StoreErrc::corrupt, "an object's index record");
  record->sequence = sequence;
  return std::move(*record);
}

// The first version, newest first, that `wanted` accepts.
template <class Wanted>
StoreResult<std::optional<ObjectRecord>> scan_versions(rocksdb::Iterator& it, BucketId bucket,
                                                       const std::string& key, Wanted wanted) {
  const std::string prefix = key_prefix(bucket, key);
  for (it.Seek(prefix); it.Valid() && it.key().starts_with(prefix); it.Next()) {
    auto record = record_at(it);
    if (!record) return store_fail(StoreErrc::corrupt, "an object's index record");
    if (wanted(*record)) return record;
  }
  if (!it.status().ok()) return std::unexpected(store_error(it.status()));
  return std::nullopt;
}

bool is_null_version(const ObjectRecord& record) { return record.version_id.empty(); }

StoreResult<std::optional<ObjectRecord>> version_named(Transaction& tx, const BucketRecord& bucket,
                                                       const std::string& key,
                                                       const std::string& version_id) {
  if (version_id == kNullVersion) {
    auto it = tx.iterate(Family::objects);
    return scan_versions(*it, bucket.id, key, is_null_version);
  }
  auto sequence = sequence_of_opaque_id(version_id);
  if (!sequence) return std::nullopt;
  LF_TRY(auto record, tx.get<ObjectRecord>(Family::objects, object_key(bucket.id, key, *sequence)));
  if (!record || record->version_id != version_id) return std::nullopt;
  record->sequence = *sequence;
  return record;
}

StoreResult<> remove_version(Transaction& tx, const BucketRecord& bucket, const std::string& key,
                             const ObjectRecord& record) {
  tx.erase(Family::objects, object_key(bucket.id, key, record.sequence));
  return tx.release(record.segments);
}

StoreResult<DeleteOutcome> delete_newest(Transaction& tx, const BucketRecord& bucket, const std::string& key,
                                         const Clock& clock, Random& random) {
  if (bucket.versioning == Versioning::never) {
    LF_TRY(auto current, newest_version(tx, bucket, key));
    if (current) LF_CHECK(remove_version(tx, bucket, key, *current));
    return DeleteOutcome{};
  }
  ObjectRecord marker;
  marker.delete_marker = true;
  marker.last_modified = clock.now();
  marker.attributes.owner = bucket.owner;
  LF_CHECK(write_version(tx, bucket, key, random, marker));
  return DeleteOutcome{marker.version_id, true};
}

}  // namespace

StoreResult<std::optional<ObjectRecord>> newest_version(Transaction& tx, const BucketRecord& bucket,
                                                        const std::string& key) {
  if (bucket.versioning == Versioning::never) {
    LF_TRY(auto record,
           tx.get<ObjectRecord>(Family::objects, object_key(bucket.id, key, kUnversionedSequence)));
    if (record) record->sequence = kUnversionedSequence;
    return record;
  }
  auto it = tx.iterate(Family::objects);
  return scan_versions(*it, bucket.id, key, [](const ObjectRecord&) { return true; });
}

StoreResult<> write_bodies(Transaction& tx, const StagedBody& staged) {
  for (const auto& [id, bytes] : staged.new_bodies()) tx.put(Family::bodies, body_key(id), bytes);
  for (const auto& [id, record] : staged.new_files()) tx.put(Family::files, body_key(id), encode(record));
  return tx.add_references(staged.segments());
}

StoreResult<> write_version(Transaction& tx, const BucketRecord& bucket, const std::string& key,
                            Random& random, ObjectRecord& record) {
  if (bucket.versioning == Versioning::enabled) {
    record.sequence = tx.next_sequence();
    record.version_id = make_opaque_id(record.sequence, random.bytes(12));
  } else {
    // The null version replaces the null version that is there, wherever it stands among the others.
    record.version_id.clear();
    std::optional<ObjectRecord> replaced;
    if (bucket.versioning == Versioning::never) {
      LF_TRY(replaced, newest_version(tx, bucket, key));
      record.sequence = kUnversionedSequence;
    } else {
      auto it = tx.iterate(Family::objects);
      LF_TRY(replaced, scan_versions(*it, bucket.id, key, is_null_version));
      record.sequence = tx.next_sequence();
    }
    if (replaced) LF_CHECK(remove_version(tx, bucket, key, *replaced));
  }
  tx.put(Family::objects, object_key(bucket.id, key, record.sequence), encode(record));
  return {};
}

StoreResult<ObjectRecord> ObjectStore::read_version(const BucketRecord& bucket, const std::string& key,
                                                    const std::optional<std::string>& version_id) {
  const bool null_version = version_id && *version_id == kNullVersion;
  std::optional<uint64_t> sequence;
  if (bucket.versioning == Versioning::never) sequence = kUnversionedSequence;
  if (version_id && !null_version) {
    sequence = sequence_of_opaque_id(*version_id);
    if (!sequence) return store_fail(StoreErrc::no_such_version);
  }
  if (sequence) {
    std::string value;
    LF_TRY(Index::Found found, index_->get(Family::objects, object_key(bucket.id, key, *sequence), &value));
    if (found == Index::Found::no) {
      return store_fail(version_id && !null_version ? StoreErrc::no_such_version : StoreErrc::no_such_key);
    }
    LF_TRY(ObjectRecord record, decode_object(value, *sequence));
    if (version_id && !null_version && record.version_id != *version_id) {
      return store_fail(StoreErrc::no_such_version);
    }
    return record;
  }
  std::unique_ptr<rocksdb::Iterator> it(
      index_->db().NewIterator(rocksdb::ReadOptions(), index_->family(Family::objects)));
  LF_TRY(auto record, scan_versions(*it, bucket.id, key, [&](const ObjectRecord& candidate) {
           return !null_version || is_null_version(candidate);
         }));
  if (!record) return store_fail(version_id ? StoreErrc::no_such_version : StoreErrc::no_such_key);
  return std::move(*record);
}

StoreResult<SharedRecord> ObjectStore::find(const ObjectName& name,
                                            const std::optional<std::string>& version_id) {
  auto bucket = find_bucket(name.bucket);
  if (!bucket || bucket->id != name.bucket_id) return store_fail(StoreErrc::no_such_bucket);
  if (version_id) {
    LF_TRY(ObjectRecord record, read_version(*bucket, name.key, version_id));
    return std::make_shared<const ObjectRecord>(std::move(record));
  }
  const std::string object = key_prefix(bucket->id, name.key);
  RecordCache::Found known = records_->find(object);
  if (known.record) return std::move(known.record);
  LF_TRY(ObjectRecord record, read_version(*bucket, name.key, std::nullopt));
  auto shared = std::make_shared<const ObjectRecord>(std::move(record));
  records_->put(object, known.ticket, shared);
  return shared;
}

std::optional<StoreResult<SharedRecord>> ObjectStore::find_in_memory(
    const ObjectName& name, const std::optional<std::string>& version_id) {
  auto bucket = find_bucket(name.bucket);
  if (!bucket || bucket->id != name.bucket_id) return store_fail(StoreErrc::no_such_bucket);
  if (version_id) return std::nullopt;
  const std::string object = key_prefix(bucket->id, name.key);
  RecordCache::Found known = records_->find(object);
  if (known.record) return std::move(known.record);
  if (bucket->versioning != Versioning::never) return std::nullopt;  // would iterate
  std::string value;
  auto found = index_->get(Family::objects, object_key(bucket->id, name.key, kUnversionedSequence), &value,
                           Index::Blocking::memory_only);
  if (!found) return std::unexpected(found.error());
  if (*found == Index::Found::not_in_memory) return std::nullopt;
  if (*found == Index::Found::no) return store_fail(StoreErrc::no_such_key);
  auto record = decode_object(value, kUnversionedSequence);
  if (!record) return std::unexpected(record.error());
  auto shared = std::make_shared<const ObjectRecord>(std::move(*record));
  records_->put(object, known.ticket, shared);
  return shared;
}

void ObjectStore::put(PutRequest request, Done<ObjectRecord> done) {
  const size_t bytes = request.body.inlined_bytes();
  submit_mutation<ObjectRecord>(
      *committer_,
      [this, request = std::move(request)](Transaction& tx) mutable -> StoreResult<ObjectRecord> {
        LF_TRY(auto bucket, tx.bucket(request.name.bucket, request.name.bucket_id));
        if (request.precondition) {
          LF_TRY(auto current, newest_version(tx, *bucket, request.name.key));
          LF_CHECK(request.precondition(current && !current->delete_marker ? &*current : nullptr));
        }
        ObjectRecord& record = request.record;
        record.last_modified = options_.clock->now();
        record.size = request.body.size();
        record.segments = request.body.segments();
        LF_CHECK(write_bodies(tx, request.body));
        LF_CHECK(write_version(tx, *bucket, request.name.key, *options_.random, record));
        request.body.keep();
        return std::move(record);
      },
      bytes, std::move(done));
}

void ObjectStore::erase(DeleteRequest request, Done<DeleteOutcome> done) {
  submit_mutation<DeleteOutcome>(
      *committer_,
      [this, request = std::move(request)](Transaction& tx) mutable -> StoreResult<DeleteOutcome> {
        const std::string& key = request.name.key;
        LF_TRY(auto bucket, tx.bucket(request.name.bucket, request.name.bucket_id));
        std::optional<ObjectRecord> target;
        if (request.version_id) {
          LF_TRY(target, version_named(tx, *bucket, key, *request.version_id));
        } else if (request.precondition) {
          LF_TRY(target, newest_version(tx, *bucket, key));
        }
        if (request.precondition) {
          LF_CHECK(request.precondition(target && !target->delete_marker ? &*target : nullptr));
        }
        if (!request.version_id) return delete_newest(tx, *bucket, key, *options_.clock, *options_.random);
        if (!target) return DeleteOutcome{*request.version_id, false};
        LF_CHECK(remove_version(tx, *bucket, key, *target));
        return DeleteOutcome{*request.version_id, target->delete_marker};
      },
      0, std::move(done), Effect::frees);
}

void ObjectStore::change_attributes(ObjectName name, std::optional<std::string> version_id,
                                    std::move_only_function<void(ObjectAttributes&)> change,
                                    Done<ObjectRecord> done) {
  submit_mutation<ObjectRecord>(
      *committer_,
      [name = std::move(name), version_id = std::move(version_id),
       change = std::move(change)](Transaction& tx) mutable -> StoreResult<ObjectRecord> {
        LF_TRY(auto bucket, tx.bucket(name.bucket, name.bucket_id));
        std::optional<ObjectRecord> record;
        if (version_id) {
          LF_TRY(record, version_named(tx, *bucket, name.key, *version_id));
        } else {
          LF_TRY(record, newest_version(tx, *bucket, name.key));
        }
        if (!record || record->delete_marker) {
          return store_fail(version_id ? StoreErrc::no_such_version : StoreErrc::no_such_key);
        }
        change(record->attributes);
        tx.put(Family::objects, object_key(bucket->id, name.key, record->sequence), encode(*record));
        return std::move(*record);
      },
      0, std::move(done));
}

}  // namespace landfall::s3
