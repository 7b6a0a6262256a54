// ObjectStore: buckets, object versions and multipart uploads, durable. Knows nothing of HTTP, IAM or XML.
//
// Invariants:
//  - A change is reported as done only when it is on disk (committer.h); kill -9 or a power cut loses nothing
//  reported.
//  - Readers see a version whole or not at all: bodies are immutable, and the index names them in one atomic
//  write.
//  - What a change leaves without a reference is removed after the change is durable; what a crash leaves
//  over is swept
//    at the next start.
//
// Threads: every function from any thread. Functions with a `Done` return at once and call it later on a
// thread of the store (or from within, if refused at once): hand over, do no work there. The others say
// whether they block on the disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "rocks/free_space.h"
#include "services/s3/dataplane/body_writer.h"
#include "services/s3/dataplane/records.h"
#include "services/s3/dataplane/staged_body.h"
#include "services/s3/dataplane/store_error.h"

namespace landfall::s3 {

class Committer;
class FilePins;
class HashLanes;
class Index;
class OpenBodies;
class RecordCache;
class SmallBodies;
class StoredBody;
struct SmallPart;
struct Mutation;

inline constexpr uint64_t kMinPartBytes = 5ull << 20;  // of every part but the last: EntityTooSmall
inline constexpr size_t kStoreThreads = 8;  // blocking jobs at once; group commits gather across them

template <class T = void>
using Done = std::move_only_function<void(StoreResult<T>)>;

using SharedRecord = std::shared_ptr<const ObjectRecord>;

struct ObjectStoreOptions {
  std::string directory;
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
  rocks::FreeBytes free_bytes = rocks::free_bytes;
};

// Judges the current version (nullptr: none, or a delete marker) within the commit itself.
using Precondition = std::move_only_function<StoreResult<>(const ObjectRecord* current)>;

struct ObjectName {
  std::string bucket;
  BucketId bucket_id = 0;
  std::string key;
};

struct PutRequest {
  ObjectName name;
  ObjectRecord record;  // etag, checksum, attributes, part_sizes; the store fills in the rest
  StagedBody body;
  Precondition precondition;  // may be empty
};

struct DeleteRequest {
  ObjectName name;
  std::optional<std::string> version_id;  // "null" for the null version
  Precondition precondition;              // may be empty; judges the version that would go
};

struct DeleteOutcome {
  std::string version_id;      // of the version removed or of the marker made; "" is none or null
  bool delete_marker = false;  // a marker was made or removed
};

struct ChosenPart {
  uint32_t number = 0;
  std::string etag;  // without quotes
};

struct CompleteRequest {
  ObjectName name;
  std::string upload_id;
  std::vector<ChosenPart> parts;  // ascending numbers
  Precondition precondition;
  // Fills in the etag and the checksum of the whole from the parts chosen; may refuse.
  std::move_only_function<StoreResult<>(const std::vector<PartRecord>&, const UploadRecord&, ObjectRecord&)>
      finish;
};

struct ListQuery {
  std::string prefix;
  std::string delimiter;
  std::string after_key;      // exclusive; a common prefix here means: after everything under it
  std::string after_version;  // versions only: with after_key, continue within that key after this version
  size_t max_keys = 1000;
};

struct ListEntry {
  std::string key;
  ObjectRecord record;
  bool is_latest = true;  // versions only
};

struct ListPage {
  std::vector<ListEntry> entries;
  std::vector<std::string> common_prefixes;
  bool truncated = false;
  std::string next_key;      // the last key or common prefix of this page
  std::string next_version;  // versions only
};

struct UploadEntry {
  std::string key;
  UploadRecord record;
};

struct UploadsPage {
  std::vector<UploadEntry> entries;
  std::vector<std::string> common_prefixes;
  bool truncated = false;
  std::string next_key, next_upload_id;
};

struct PartsPage {
  std::vector<PartRecord> entries;
  bool truncated = false;
};

class ObjectStore {
 public:
  // Blocks: recovers the index and starts sweeping what a crash left over, in the background.
  static Result<std::unique_ptr<ObjectStore>> open(ObjectStoreOptions options);
  ~ObjectStore();

  // --- buckets: looked up in memory ---
  std::shared_ptr<const BucketRecord> find_bucket(std::string_view name) const;
  std::vector<std::shared_ptr<const BucketRecord>> buckets() const;  // by name
  void create_bucket(BucketRecord record, Done<> done);              // id, created and revision are filled in
  void delete_bucket(std::string name, Done<> done);  // bucket_not_empty; open uploads are aborted
  void change_bucket(std::string name, std::move_only_function<void(BucketRecord&)> change, Done<> done);

  // --- objects ---
  // The version asked for, or the newest; delete markers included. Blocks.
  StoreResult<SharedRecord> find(const ObjectName& name, const std::optional<std::string>& version_id = {});
  // The same without touching the disk: nullopt if that would be needed.
  std::optional<StoreResult<SharedRecord>> find_in_memory(const ObjectName& name,
                                                          const std::optional<std::string>& version_id = {});
  void put(PutRequest request, Done<ObjectRecord> done);
  void erase(DeleteRequest request, Done<DeleteOutcome> done);
  void change_attributes(ObjectName name, std::optional<std::string> version_id,
                         std::move_only_function<void(ObjectAttributes&)> change, Done<ObjectRecord> done);

  // --- bodies ---
  std::unique_ptr<BodyWriter> write_body(std::shared_ptr<BodyObserver> observer);
  const std::shared_ptr<HashLanes>& hash_lanes() const { return hash_lanes_; }
  SparePieces& spare_pieces() { return *spare_pieces_; }  // to fill, for a BodyWriter
  StagedBody stage_inline(std::string bytes);             // at most kInlineBytes
  // The bytes of the record's version, kept readable while the StoredBody lives, even if the version is
  // deleted. Blocks. no_such_key: it was deleted since the record was read (look it up again).
  StoreResult<std::unique_ptr<StoredBody>> open_body(const std::vector<Segment>& segments);
  // The same of files that are open already, without touching the disk; null: it would be needed.
  std::unique_ptr<StoredBody> find_open_body(const std::vector<Segment>& segments);
  // The bytes of a small object that is in memory; nullopt if the disk would be needed.
  std::optional<StoreResult<SmallPart>> small_body_in_memory(const std::vector<Segment>& segments);
  // Another name for bytes [offset, offset + length) of stored segments: files are shared, small bodies
  // copied. Blocks.
  StoreResult<StagedBody> share(const std::vector<Segment>& segments, uint64_t offset, uint64_t length);

  // --- listing: by key order, newest version first; a page costs what it holds. Blocks. ---
  StoreResult<ListPage> list_objects(BucketId bucket, const ListQuery& query);
  StoreResult<ListPage> list_versions(BucketId bucket, const ListQuery& query);

  // --- multipart uploads ---
  void create_upload(ObjectName name, UploadRecord record, Done<std::string> done);  // the upload's id
  StoreResult<UploadRecord> find_upload(const ObjectName& name, const std::string& upload_id);  // blocks
  void put_part(ObjectName name, std::string upload_id, PartRecord part, StagedBody body,
                Done<PartRecord> done);
  void complete_upload(CompleteRequest request, Done<ObjectRecord> done);
  void abort_upload(ObjectName name, std::string upload_id, Done<> done);
  StoreResult<PartsPage> list_parts(const std::string& upload_id, uint32_t after_number,
                                    size_t max_parts);  // blocks
  StoreResult<UploadsPage> list_uploads(BucketId bucket,
                                        const ListQuery& query);  // after_version: an upload id. Blocks

  WorkerPool& pool() { return *pool_; }
  uint64_t buffer_bytes() const;  // of the index
  const Clock& clock() const { return *options_.clock; }
  struct Counters {
    uint64_t mutations = 0;
    uint64_t synced_groups = 0;
  };
  Counters counters() const;

  void wait_until_idle();  // of background removals and the sweep; for tests

 private:
  explicit ObjectStore(ObjectStoreOptions options);
  Result<> start();
  BodyId next_body_id();
  StoreResult<ObjectRecord> read_version(const BucketRecord& bucket, const std::string& key,
                                         const std::optional<std::string>& version_id);
  void sweep(uint32_t first_epoch);
  void remove_files(std::vector<BodyId> ids);
  void remove_file(BodyId id);
  void background(WorkerPool::Job job);

  ObjectStoreOptions options_;
  std::optional<BodyFiles> files_;
  std::unique_ptr<Index> index_;
  uint32_t epoch_ = 0;
  std::atomic<uint64_t> body_counter_{0};
  std::unique_ptr<OpenBodies> open_files_;
  std::unique_ptr<SmallBodies> small_;
  std::unique_ptr<RecordCache> records_;
  std::unique_ptr<FilePins> pins_;
  // Order of destruction matters: the committer's callbacks use the pool, jobs of the pool use the index.
  std::unique_ptr<WorkerPool> pool_;
  std::shared_ptr<HashLanes> hash_lanes_;
  std::shared_ptr<SparePieces> spare_pieces_;
  std::unique_ptr<Committer> committer_;
  std::mutex idle_mutex_;
  std::condition_variable idle_;
  size_t background_jobs_ = 0;
};

// Starts an asynchronous call and blocks for its outcome: for code that runs on the worker pool.
template <class T = void, class Start>
StoreResult<T> wait_for(Start start) {
  auto outcome = std::make_shared<std::promise<StoreResult<T>>>();
  std::future<StoreResult<T>> future = outcome->get_future();
  start(Done<T>([outcome](StoreResult<T> result) { outcome->set_value(std::move(result)); }));
  return future.get();
}

}  // namespace landfall::s3
