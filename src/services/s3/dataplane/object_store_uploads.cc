// ObjectStore's functions on multipart uploads.
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/store_submit.h"

namespace landfall::s3 {
namespace {

StoreResult<UploadRecord> upload_named(Transaction& tx, const ObjectName& name,
                                       const std::string& upload_id) {
  LF_TRY(auto record, tx.get<UploadRecord>(Family::uploads, upload_key(name.bucket_id, name.key, upload_id)));
  if (!record) return store_fail(StoreErrc::no_such_upload);
  return std::move(*record);
}

std::optional<uint32_t> part_number_of(std::string_view index_key) {
  if (index_key.size() < 4) return std::nullopt;
  uint32_t number = 0;
  for (char c : index_key.substr(index_key.size() - 4)) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

StoreResult<std::vector<PartRecord>> parts_in(rocksdb::Iterator& it, const std::string& upload_id,
                                              uint32_t after_number, size_t limit) {
  const std::string prefix = upload_id + "/";
  std::vector<PartRecord> parts;
  for (it.Seek(part_key(upload_id, after_number + 1));
       it.Valid() && it.key().starts_with(prefix) && parts.size() < limit; it.Next()) {
    auto number = part_number_of(it.key().ToStringView());
    auto part = decode<PartRecord>(it.value().ToStringView());
    if (!number || !part) return store_fail(StoreErrc::corrupt, "a part's index record");
    part->number = *number;
    parts.push_back(std::move(*part));
  }
  if (!it.status().ok()) return std::unexpected(store_error(it.status()));
  return parts;
}

constexpr size_t kAllParts = SIZE_MAX;

StoreResult<std::vector<PartRecord>> all_parts(Transaction& tx, const std::string& upload_id) {
  auto it = tx.iterate(Family::parts);
  return parts_in(*it, upload_id, 0, kAllParts);
}

// The parts that the client chose, in its order, and the record's segments from them.
StoreResult<std::vector<PartRecord>> choose_parts(std::vector<PartRecord>& uploaded,
                                                  const CompleteRequest& request, ObjectRecord& record) {
  std::map<uint32_t, PartRecord*> by_number;
  for (PartRecord& part : uploaded) by_number[part.number] = &part;
  std::vector<PartRecord> chosen;
  for (size_t i = 0; i < request.parts.size(); ++i) {
    const ChosenPart& wanted = request.parts[i];
    auto it = by_number.find(wanted.number);
    if (it == by_number.end() || it->second->etag != wanted.etag) {
      return store_fail(StoreErrc::invalid_part, std::to_string(wanted.number));
    }
    const PartRecord& part = *it->second;
    if (i + 1 < request.parts.size() && part.size < kMinPartBytes) {
      return store_fail(StoreErrc::part_too_small, std::to_string(wanted.number));
    }
    chosen.push_back(part);
    record.size += part.size;
    record.part_sizes.push_back(part.size);
    record.segments.insert(record.segments.end(), part.segments.begin(), part.segments.end());
    by_number.erase(it);
  }
  return chosen;
}

// Releases the parts that the client left out.
StoreResult<> release_others(Transaction& tx, const std::vector<PartRecord>& uploaded,
                             const std::vector<PartRecord>& chosen) {
  size_t next_chosen = 0;
  for (const PartRecord& part : uploaded) {
    if (next_chosen < chosen.size() && chosen[next_chosen].number == part.number) {
      ++next_chosen;
      continue;
    }
    LF_CHECK(tx.release(part.segments));
  }
  return {};
}

// A client that did not hear the first answer sends CompleteMultipartUpload again.
StoreResult<ObjectRecord> completed_before(Transaction& tx, const BucketRecord& bucket,
                                           const CompleteRequest& request) {
  LF_TRY(auto current, newest_version(tx, bucket, request.name.key));
  if (!current || current->upload_id != request.upload_id) return store_fail(StoreErrc::no_such_upload);
  return std::move(*current);
}

StoreResult<ObjectRecord> complete(Transaction& tx, const BucketRecord& bucket, CompleteRequest& request,
                                   const Clock& clock, Random& random) {
  const ObjectName& name = request.name;
  LF_TRY(auto upload,
         tx.get<UploadRecord>(Family::uploads, upload_key(name.bucket_id, name.key, request.upload_id)));
  if (!upload) return completed_before(tx, bucket, request);
  if (request.precondition) {
    LF_TRY(auto current, newest_version(tx, bucket, name.key));
    LF_CHECK(request.precondition(current && !current->delete_marker ? &*current : nullptr));
  }
  LF_TRY(auto uploaded, all_parts(tx, request.upload_id));
  ObjectRecord record;
  LF_TRY(auto chosen, choose_parts(uploaded, request, record));
  record.attributes = upload->attributes;
  record.upload_id = request.upload_id;
  record.last_modified = clock.now();
  LF_CHECK(request.finish(chosen, *upload, record));
  // The references of the chosen parts pass to the object.
  LF_CHECK(release_others(tx, uploaded, chosen));
  for (const PartRecord& part : uploaded) tx.erase(Family::parts, part_key(request.upload_id, part.number));
  tx.erase(Family::uploads, upload_key(name.bucket_id, name.key, request.upload_id));
  LF_CHECK(write_version(tx, bucket, name.key, random, record));
  return record;
}

}  // namespace

StoreResult<> abort_upload_in(Transaction& tx, const std::string& index_key) {
  auto parsed = parse_upload_key(index_key);
  if (!parsed) return store_fail(StoreErrc::corrupt, "an upload's index key");
  LF_TRY(auto parts, all_parts(tx, parsed->upload_id));
  for (const PartRecord& part : parts) {
    LF_CHECK(tx.release(part.segments));
    tx.erase(Family::parts, part_key(parsed->upload_id, part.number));
  }
  tx.erase(Family::uploads, index_key);
  return {};
}

void ObjectStore::create_upload(ObjectName name, UploadRecord record, Done<std::string> done) {
  submit_mutation<std::string>(
      *committer_,
      [this, name = std::move(name),
       record = std::move(record)](Transaction& tx) mutable -> StoreResult<std::string> {
        LF_TRY(auto bucket, tx.bucket(name.bucket, name.bucket_id));
        record.upload_id = make_opaque_id(tx.next_sequence(), options_.random->bytes(12));
        record.initiated = options_.clock->now();
        tx.put(Family::uploads, upload_key(bucket->id, name.key, record.upload_id), encode(record));
        return record.upload_id;
      },
      0, std::move(done));
}

StoreResult<UploadRecord> ObjectStore::find_upload(const ObjectName& name, const std::string& upload_id) {
  std::string value;
  LF_TRY(Index::Found found,
         index_->get(Family::uploads, upload_key(name.bucket_id, name.key, upload_id), &value));
  if (found == Index::Found::no) return store_fail(StoreErrc::no_such_upload);
  auto record = decode<UploadRecord>(value);
  if (!record) return store_fail(StoreErrc::corrupt, "an upload's index record");
  return std::move(*record);
}

void ObjectStore::put_part(ObjectName name, std::string upload_id, PartRecord part, StagedBody body,
                           Done<PartRecord> done) {
  const size_t bytes = body.inlined_bytes();
  submit_mutation<PartRecord>(
      *committer_,
      [this, name = std::move(name), upload_id = std::move(upload_id), part = std::move(part),
       body = std::move(body)](Transaction& tx) mutable -> StoreResult<PartRecord> {
        LF_TRY(auto bucket, tx.bucket(name.bucket, name.bucket_id));
        LF_TRY(auto upload, upload_named(tx, name, upload_id));
        const std::string key = part_key(upload_id, part.number);
        LF_TRY(auto replaced, tx.get<PartRecord>(Family::parts, key));
        part.size = body.size();
        part.segments = body.segments();
        part.last_modified = options_.clock->now();
        LF_CHECK(write_bodies(tx, body));
        if (replaced) LF_CHECK(tx.release(replaced->segments));
        tx.put(Family::parts, key, encode(part));
        body.keep();
        return std::move(part);
      },
      bytes, std::move(done));
}

void ObjectStore::complete_upload(CompleteRequest request, Done<ObjectRecord> done) {
  submit_mutation<ObjectRecord>(
      *committer_,
      [this, request = std::move(request)](Transaction& tx) mutable -> StoreResult<ObjectRecord> {
        LF_TRY(auto bucket, tx.bucket(request.name.bucket, request.name.bucket_id));
        return complete(tx, *bucket, request, *options_.clock, *options_.random);
      },
      0, std::move(done));
}

void ObjectStore::abort_upload(ObjectName name, std::string upload_id, Done<> done) {
  submit_mutation(
      *committer_,
      [name = std::move(name), upload_id = std::move(upload_id)](Transaction& tx) -> StoreResult<> {
        LF_TRY(auto bucket, tx.bucket(name.bucket, name.bucket_id));
        LF_TRY(auto upload, upload_named(tx, name, upload_id));
        return abort_upload_in(tx, upload_key(name.bucket_id, name.key, upload_id));
      },
      0, std::move(done), Effect::frees);
}

StoreResult<PartsPage> ObjectStore::list_parts(const std::string& upload_id, uint32_t after_number,
                                               size_t max_parts) {
  std::unique_ptr<rocksdb::Iterator> it(
      index_->db().NewIterator(rocksdb::ReadOptions(), index_->family(Family::parts)));
  PartsPage page;
  LF_TRY(page.entries, parts_in(*it, upload_id, after_number, max_parts + 1));
  if (page.entries.size() > max_parts) {
    page.truncated = true;
    page.entries.resize(max_parts);
  }
  return page;
}

}  // namespace landfall::s3
