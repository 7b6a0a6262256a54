// Transaction: what a mutation may do to the index while the committer applies it. It sees the writes of the
// mutations applied before it in the same group.
//
// Threads: the committer's only. Not kept beyond the mutation.
#pragma once

#include <rocksdb/utilities/write_batch_with_index.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/s3/dataplane/index.h"
#include "services/s3/dataplane/record_codec.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

using BucketMap = std::map<std::string, std::shared_ptr<const BucketRecord>, std::less<>>;

// The index's counters as the group being applied has advanced them, and whether it changed a bucket.
struct GroupState {
  uint64_t sequence = 0;
  uint64_t bucket_id = 0;
  bool buckets_changed = false;
  std::vector<std::string> objects;  // key_prefix() of each whose versions it writes; may repeat
};

class Transaction {
 public:
  Transaction(Index& index, rocksdb::WriteBatchWithIndex& batch, BucketMap& buckets, GroupState& state)
      : index_(index), batch_(batch), buckets_(buckets), state_(state) {}

  uint64_t next_sequence() { return ++state_.sequence; }
  BucketId next_bucket_id() { return ++state_.bucket_id; }

  // The bucket if it is still the one that the caller looked up.
  StoreResult<std::shared_ptr<const BucketRecord>> bucket(std::string_view name, BucketId id) const;
  std::shared_ptr<const BucketRecord> bucket(std::string_view name) const;
  void put_bucket(BucketRecord record);
  void erase_bucket(const std::string& name);

  StoreResult<std::optional<std::string>> get(Family family, const std::string& key);
  template <class T>
  StoreResult<std::optional<T>> get(Family family, const std::string& key);
  void put(Family family, const std::string& key, const std::string& value);
  void erase(Family family, const std::string& key);
  std::unique_ptr<rocksdb::Iterator> iterate(Family family);

  // References of an object or part to its bodies. add: a file that is not in the index is
  // StoreErrc::no_such_key (the source of a copy was released meanwhile).
  StoreResult<> add_references(const std::vector<Segment>& segments);
  StoreResult<> release(const std::vector<Segment>& segments);

  // Files that the group leaves without a reference.
  const std::vector<BodyId>& released_files() const { return released_files_; }

 private:
  Index& index_;
  rocksdb::WriteBatchWithIndex& batch_;
  BucketMap& buckets_;
  GroupState& state_;
  std::vector<BodyId> released_files_;
};

template <class T>
StoreResult<std::optional<T>> Transaction::get(Family family, const std::string& key) {
  LF_TRY(std::optional<std::string> bytes, get(family, key));
  if (!bytes) return std::nullopt;
  std::optional<T> record = decode<T>(*bytes);
  if (!record) return store_fail(StoreErrc::corrupt, "an index record does not decode");
  return record;
}

}  // namespace landfall::s3
