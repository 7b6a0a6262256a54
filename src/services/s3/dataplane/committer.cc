#include "services/s3/dataplane/committer.h"

#include <charconv>

#include "base/log.h"
#include "rocks/write.h"
#include "services/s3/dataplane/transaction.h"

namespace landfall::s3 {
namespace {

constexpr const char* kSequenceKey = "sequence";
constexpr const char* kBucketIdKey = "bucket_id";
// What a mutation writes beside its bodies, about: records of a key's length and its metadata's.
constexpr uint64_t kRecordBytes = 4 << 10;

StoreResult<uint64_t> read_counter(Index& index, const char* name) {
  std::string text;
  LF_TRY(Index::Found found, index.get(Family::meta, name, &text));
  if (found == Index::Found::no) return 0;
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return store_fail(StoreErrc::corrupt, std::string("the index's counter ") + name);
  }
  return value;
}

}  // namespace

StoreResult<std::unique_ptr<Committer>> Committer::create(Index& index, RecordCache& records,
                                                          std::function<void(std::vector<BodyId>)> released,
                                                          rocks::FreeBytes free_bytes) {
  std::unique_ptr<Committer> committer(
      new Committer(index, records, std::move(released), std::move(free_bytes)));
  LF_CHECK(committer->load());
  committer->thread_ = std::thread([self = committer.get()] { self->run(); });
  return committer;
}

Committer::~Committer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

StoreResult<> Committer::load() {
  LF_TRY(sequence_, read_counter(index_, kSequenceKey));
  LF_TRY(bucket_id_, read_counter(index_, kBucketIdKey));
  std::unique_ptr<rocksdb::Iterator> it(
      index_.db().NewIterator(rocksdb::ReadOptions(), index_.family(Family::buckets)));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    auto record = decode<BucketRecord>(it->value().ToStringView());
    if (!record) return store_fail(StoreErrc::corrupt, "bucket record " + it->key().ToString());
    std::string name = record->name;
    working_[std::move(name)] = std::make_shared<const BucketRecord>(std::move(*record));
  }
  if (!it->status().ok()) return std::unexpected(store_error(it->status()));
  published_.store(std::make_shared<const Buckets>(working_));
  return {};
}

StoreResult<> Committer::submit(Mutation mutation) {
  {
    std::lock_guard lock(mutex_);
    if (queue_.size() >= kMaxQueuedMutations || queued_bytes_ >= kMaxQueuedBytes) {
      return store_fail(StoreErrc::busy, "the commit queue is full");
    }
    queued_bytes_ += mutation.bytes;
    queue_.push_back(std::move(mutation));
  }
  wake_.notify_one();
  return {};
}

void Committer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::vector<Mutation> group;
    if (queue_.size() <= kMaxGroup) {
      group.swap(queue_);
    } else {
      group.assign(std::make_move_iterator(queue_.begin()),
                   std::make_move_iterator(queue_.begin() + kMaxGroup));
      queue_.erase(queue_.begin(), queue_.begin() + kMaxGroup);
    }
    for (const Mutation& mutation : group) queued_bytes_ -= mutation.bytes;
    lock.unlock();
    commit(std::move(group));
    lock.lock();
  }
}

bool Committer::room_to_grow(const std::vector<Mutation>& group) const {
  uint64_t bytes = rocks::kLeftForDeletions + group.size() * kRecordBytes;
  for (const Mutation& mutation : group) bytes += mutation.bytes;
  return free_bytes_(index_.db().GetName()) >= bytes;
}

void Committer::commit(std::vector<Mutation> group) {
  rocksdb::WriteBatchWithIndex batch(rocksdb::BytewiseComparator(), 0, /*overwrite_key=*/true);
  GroupState state{.sequence = sequence_, .bucket_id = bucket_id_, .objects = {}};
  std::vector<StoreResult<>> outcomes;
  std::vector<BodyId> released;
  const bool room = room_to_grow(group);
  for (Mutation& mutation : group) {
    if (!room && mutation.effect == Effect::grows) {
      outcomes.push_back(
          store_fail(StoreErrc::no_space, "the disk of " + index_.db().GetName() + " is full"));
      continue;
    }
    // apply() changes `working_` last, after all that can fail, so a failed mutation needs no undo there.
    Transaction transaction(index_, batch, working_, state);
    batch.SetSavePoint();
    outcomes.push_back(mutation.apply(transaction));
    if (outcomes.back()) {
      batch.PopSavePoint();
      released.insert(released.end(), transaction.released_files().begin(),
                      transaction.released_files().end());
    } else {
      batch.RollbackToSavePoint();
    }
  }
  rocksdb::Status status;
  if (batch.GetWriteBatch()->Count() > 0) {
    batch.Put(index_.family(Family::meta), kSequenceKey, std::to_string(state.sequence));
    batch.Put(index_.family(Family::meta), kBucketIdKey, std::to_string(state.bucket_id));
    records_.changing(state.objects);
    status = rocks::write_synced(index_.db(), batch.GetWriteBatch(), rocks::kLeftForRocksDb, free_bytes_);
    records_.changed(state.objects);
    counters_.groups.fetch_add(1, std::memory_order_relaxed);
  }
  if (status.ok()) {
    sequence_ = state.sequence;
    bucket_id_ = state.bucket_id;
    if (state.buckets_changed)
      published_.store(std::make_shared<const Buckets>(working_), std::memory_order_release);
    if (!released.empty()) released_(std::move(released));
  } else {
    log::error("s3: a group of {} writes failed: {}", group.size(), status.ToString());
    working_ = *published_.load();
    for (auto& outcome : outcomes) outcome = std::unexpected(store_error(status));
  }
  counters_.mutations.fetch_add(group.size(), std::memory_order_relaxed);
  for (size_t i = 0; i < group.size(); ++i) {
    group[i].apply = nullptr;  // what a refused one had staged is gone before its answer
    group[i].done(std::move(outcomes[i]));
  }
}

}  // namespace landfall::s3
