// How ObjectStore's functions hand a mutation to the committer, and what they share.
#pragma once

#include <memory>
#include <optional>

#include "services/s3/dataplane/committer.h"
#include "services/s3/dataplane/object_store.h"
#include "services/s3/dataplane/transaction.h"

namespace landfall::s3 {

inline void submit_mutation(Committer& committer, std::move_only_function<StoreResult<>(Transaction&)> apply,
                            size_t bytes, Done<> done, Effect effect = Effect::grows) {
  // Kept beside, so that a refused submission can still be answered.
  auto shared_done = std::make_shared<Done<>>(std::move(done));
  auto accepted = committer.submit(
      {std::move(apply), [shared_done](StoreResult<> result) { (*shared_done)(std::move(result)); }, bytes,
       effect});
  if (!accepted) (*shared_done)(std::unexpected(accepted.error()));
}

// `apply` returns the T that `done` gets once it is durable.
template <class T>
void submit_mutation(Committer& committer, std::move_only_function<StoreResult<T>(Transaction&)> apply,
                     size_t bytes, Done<T> done, Effect effect = Effect::grows) {
  auto value = std::make_shared<std::optional<T>>();
  submit_mutation(
      committer,
      [value, apply = std::move(apply)](Transaction& tx) mutable -> StoreResult<> {
        auto result = apply(tx);
        if (!result) return std::unexpected(result.error());
        value->emplace(std::move(*result));
        return {};
      },
      bytes,
      [value, done = std::move(done)](StoreResult<> result) mutable {
        if (!result) return done(std::unexpected(result.error()));
        done(std::move(**value));
      },
      effect);
}

// The new bodies of `staged`, and a reference to each file that its segments name.
StoreResult<> write_bodies(Transaction& tx, const StagedBody& staged);

// Writes `record` as the newest version of its key, replacing what the bucket's versioning says; fills in
// version and sequence.
StoreResult<> write_version(Transaction& tx, const BucketRecord& bucket, const std::string& key,
                            Random& random, ObjectRecord& record);

StoreResult<std::optional<ObjectRecord>> newest_version(Transaction& tx, const BucketRecord& bucket,
                                                        const std::string& key);

// `index_key` is the upload's key in Family::uploads.
StoreResult<> abort_upload_in(Transaction& tx, const std::string& index_key);

}  // namespace landfall::s3
