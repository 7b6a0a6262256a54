#include "services/s3/dataplane/object_store.h"

#include <charconv>

#include "base/log.h"
#include "services/s3/dataplane/committer.h"
#include "services/s3/dataplane/file_pins.h"
#include "services/s3/dataplane/hash_stream.h"
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/listing.h"
#include "services/s3/dataplane/record_cache.h"
#include "services/s3/dataplane/store_submit.h"
#include "services/s3/dataplane/stored_body.h"
#include "services/s3/dataplane/transaction.h"

namespace landfall::s3 {
namespace {

constexpr const char* kEpochKey = "epoch";
constexpr const char* kSweptKey = "swept_epoch";  // no leftovers in epochs before this one

Result<uint32_t> read_epoch(Index& index, const char* name) {
  std::string text;
  auto found = index.get(Family::meta, name, &text);
  if (!found) return fail(found.error().message);
  uint32_t value = 0;
  if (*found == Index::Found::yes) std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

rocksdb::Status put_meta(Index& index, const char* name, uint32_t value) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return index.db().Put(synced, index.family(Family::meta), name, std::to_string(value));
}

}  // namespace

ObjectStore::ObjectStore(ObjectStoreOptions options) : options_(std::move(options)) {}

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(ObjectStoreOptions options) {
  std::unique_ptr<ObjectStore> store(new ObjectStore(std::move(options)));
  LF_CHECK(store->start());
  return store;
}

Result<> ObjectStore::start() {
  LF_TRY(files_, BodyFiles::open(options_.directory, options_.free_bytes));
  LF_TRY(index_, Index::open(options_.directory + "/index"));
  LF_TRY(const uint32_t last_epoch, read_epoch(*index_, kEpochKey));
  LF_TRY(const uint32_t swept_epoch, read_epoch(*index_, kSweptKey));
  epoch_ = last_epoch + 1;
  // Before the first body is named: an epoch must never be used twice.
  if (auto status = put_meta(*index_, kEpochKey, epoch_); !status.ok()) return fail(status.ToString());
  small_ = std::make_unique<SmallBodies>();
  records_ = std::make_unique<RecordCache>();
  open_files_ = std::make_unique<OpenBodies>(*files_, *options_.clock);
  pool_ = std::make_unique<WorkerPool>(kStoreThreads);
  hash_lanes_ = std::make_shared<HashLanes>();
  spare_pieces_ = std::make_shared<SparePieces>();
  pins_ = std::make_unique<FilePins>([this](BodyId id) { background([this, id] { remove_file(id); }); });
  auto committer = Committer::create(
      *index_, *records_, [this](std::vector<BodyId> ids) { remove_files(std::move(ids)); },
      options_.free_bytes);
  if (!committer) return fail(committer.error().message);
  committer_ = std::move(*committer);
  background([this, swept_epoch] { sweep(swept_epoch); });
  return {};
}

ObjectStore::~ObjectStore() {
  if (pool_) pool_->stop();  // jobs may wait for the committer, so they end first
}

BodyId ObjectStore::next_body_id() { return {epoch_, body_counter_.fetch_add(1, std::memory_order_relaxed)}; }

std::unique_ptr<BodyWriter> ObjectStore::write_body(std::shared_ptr<BodyObserver> observer) {
  return std::make_unique<BodyWriter>(
      *files_, *pool_, [this] { return next_body_id(); }, std::move(observer), spare_pieces_);
}

StagedBody ObjectStore::stage_inline(std::string bytes) {
  LF_INVARIANT(bytes.size() <= kInlineBytes);
  return StagedBody::inlined(next_body_id(), std::move(bytes));
}

// --- removal of what nothing refers to ---

void ObjectStore::background(WorkerPool::Job job) {
  {
    std::lock_guard lock(idle_mutex_);
    ++background_jobs_;
  }
  pool_->run([this, job = std::move(job)]() mutable {
    job();
    std::lock_guard lock(idle_mutex_);
    if (--background_jobs_ == 0) idle_.notify_all();
  });
}

void ObjectStore::wait_until_idle() {
  std::unique_lock lock(idle_mutex_);
  idle_.wait(lock, [this] { return background_jobs_ == 0; });
}

void ObjectStore::remove_files(std::vector<BodyId> ids) {
  background([this, ids = std::move(ids)] {
    for (BodyId id : ids) {
      if (pins_->may_remove(id)) remove_file(id);
    }
  });
}

void ObjectStore::remove_file(BodyId id) {
  open_files_->forget(id);
  if (auto removed = files_->remove(id); !removed) {
    log::warn("s3: {} (tried again at the next start)", removed.error().message);
    return;
  }
  // Not synced: if this is lost, the next start unlinks a file that is not there.
  rocksdb::Status status =
      index_->db().Delete(rocksdb::WriteOptions(), index_->family(Family::garbage), body_key(id));
  if (!status.ok()) log::warn("s3: {}", status.ToString());
}

// Two kinds of leftovers: files that a commit released and that were not yet unlinked (`garbage`), and files
// published in an earlier epoch whose commit never came.
void ObjectStore::sweep(uint32_t first_epoch) {
  std::unique_ptr<rocksdb::Iterator> it(
      index_->db().NewIterator(rocksdb::ReadOptions(), index_->family(Family::garbage)));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    auto id = parse_body_key(it->key().ToStringView());
    if (id && id->epoch < epoch_) remove_file(*id);
  }
  size_t orphans = 0;
  auto swept = files_->for_each_between(first_epoch, epoch_, [&](BodyId id) -> Result<> {
    std::string ignored;
    auto found = index_->get(Family::files, body_key(id), &ignored);
    if (!found) return fail(found.error().message);
    if (*found == Index::Found::yes) return {};
    ++orphans;
    return files_->remove(id);
  });
  if (!swept) {
    log::warn("s3: the sweep of leftover files stopped: {}", swept.error().message);
    return;
  }
  if (orphans > 0) log::info("s3: removed {} files of writes that were never answered", orphans);
  if (auto status = put_meta(*index_, kSweptKey, epoch_); !status.ok())
    log::warn("s3: {}", status.ToString());
}

// --- reading ---

StoreResult<std::unique_ptr<StoredBody>> ObjectStore::open_body(const std::vector<Segment>& segments) {
  return StoredBody::open({*index_, *small_, *open_files_, *pins_}, segments);
}

std::unique_ptr<StoredBody> ObjectStore::find_open_body(const std::vector<Segment>& segments) {
  return StoredBody::find_open({*index_, *small_, *open_files_, *pins_}, segments);
}

std::optional<StoreResult<SmallPart>> ObjectStore::small_body_in_memory(
    const std::vector<Segment>& segments) {
  if (segments.empty()) return SmallPart{};
  if (segments.size() > 1 || segments[0].kind != BodyKind::inlined) return std::nullopt;
  if (auto kept = find_inlined(*small_, segments[0])) return std::move(*kept);
  std::string value;
  auto found = index_->get(Family::bodies, body_key(segments[0].id), &value, Index::Blocking::memory_only);
  if (!found) return std::unexpected(found.error());
  if (*found == Index::Found::not_in_memory) return std::nullopt;
  if (*found == Index::Found::no) return store_fail(StoreErrc::no_such_key, "deleted meanwhile");
  return keep_inlined(*small_, segments[0], std::move(value));
}

StoreResult<StagedBody> ObjectStore::share(const std::vector<Segment>& segments, uint64_t offset,
                                           uint64_t length) {
  StagedBody staged;
  for (Segment segment : segments) {
    if (length == 0) break;
    if (offset >= segment.length) {
      offset -= segment.length;
      continue;
    }
    segment.offset += offset;
    segment.length = std::min(segment.length - offset, length);
    offset = 0;
    length -= segment.length;
    if (segment.kind == BodyKind::file) {
      staged.append(StagedBody::shared({segment}));
      continue;
    }
    LF_TRY(auto body, open_body({segment}));
    LF_TRY(std::string bytes, body->read(0, kInlineBytes));
    staged.append(stage_inline(std::move(bytes)));
  }
  return staged;
}

StoreResult<ListPage> ObjectStore::list_objects(BucketId bucket, const ListQuery& query) {
  std::unique_ptr<rocksdb::Iterator> it(
      index_->db().NewIterator(rocksdb::ReadOptions(), index_->family(Family::objects)));
  return s3::list_objects(*it, bucket, query);
}

StoreResult<ListPage> ObjectStore::list_versions(BucketId bucket, const ListQuery& query) {
  std::unique_ptr<rocksdb::Iterator> it(
      index_->db().NewIterator(rocksdb::ReadOptions(), index_->family(Family::objects)));
  return s3::list_versions(*it, bucket, query);
}

StoreResult<UploadsPage> ObjectStore::list_uploads(BucketId bucket, const ListQuery& query) {
  std::unique_ptr<rocksdb::Iterator> it(
      index_->db().NewIterator(rocksdb::ReadOptions(), index_->family(Family::uploads)));
  return s3::list_uploads(*it, bucket, query);
}

// --- buckets ---

std::shared_ptr<const BucketRecord> ObjectStore::find_bucket(std::string_view name) const {
  auto buckets = committer_->buckets();
  auto it = buckets->find(name);
  return it == buckets->end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<const BucketRecord>> ObjectStore::buckets() const {
  std::vector<std::shared_ptr<const BucketRecord>> list;
  for (const auto& [name, record] : *committer_->buckets()) list.push_back(record);
  return list;
}

void ObjectStore::create_bucket(BucketRecord record, Done<> done) {
  submit_mutation(
      *committer_,
      [this, record = std::move(record)](Transaction& tx) mutable -> StoreResult<> {
        if (tx.bucket(record.name)) return store_fail(StoreErrc::bucket_exists);
        record.id = tx.next_bucket_id();
        record.created = options_.clock->now();
        tx.put_bucket(std::move(record));
        return {};
      },
      0, std::move(done));
}

void ObjectStore::delete_bucket(std::string name, Done<> done) {
  submit_mutation(
      *committer_,
      [name = std::move(name)](Transaction& tx) -> StoreResult<> {
        auto bucket = tx.bucket(name);
        if (!bucket) return store_fail(StoreErrc::no_such_bucket);
        const std::string prefix = bucket_prefix(bucket->id);
        auto objects = tx.iterate(Family::objects);
        objects->Seek(prefix);
        if (objects->Valid() && objects->key().starts_with(prefix))
          return store_fail(StoreErrc::bucket_not_empty);
        auto uploads = tx.iterate(Family::uploads);
        std::vector<std::string> open_uploads;
        for (uploads->Seek(prefix); uploads->Valid() && uploads->key().starts_with(prefix); uploads->Next()) {
          open_uploads.push_back(uploads->key().ToString());
        }
        for (const std::string& key : open_uploads) LF_CHECK(abort_upload_in(tx, key));
        tx.erase_bucket(name);
        return {};
      },
      0, std::move(done), Effect::frees);
}

void ObjectStore::change_bucket(std::string name, std::move_only_function<void(BucketRecord&)> change,
                                Done<> done) {
  submit_mutation(
      *committer_,
      [name = std::move(name), change = std::move(change)](Transaction& tx) mutable -> StoreResult<> {
        auto bucket = tx.bucket(name);
        if (!bucket) return store_fail(StoreErrc::no_such_bucket);
        BucketRecord record = *bucket;
        change(record);
        tx.put_bucket(std::move(record));
        return {};
      },
      0, std::move(done));
}

ObjectStore::Counters ObjectStore::counters() const {
  return {committer_->counters().mutations.load(), committer_->counters().groups.load()};
}

uint64_t ObjectStore::buffer_bytes() const { return index_->buffer_bytes(); }

}  // namespace landfall::s3
