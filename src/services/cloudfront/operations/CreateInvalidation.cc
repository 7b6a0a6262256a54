// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/invalidations.h"

#include <algorithm>

namespace landfall::cloudfront {

CreateInvalidationResult CreateInvalidation(Call& call, const CreateInvalidationRequest& in) {
  const DistributionRecord distribution = find_distribution(call, *in.DistributionId);
  const InvalidationBatch& batch = *in.InvalidationBatch;
  const auto& paths = batch.Paths->Items;
  if (batch.Paths->Quantity.value_or(0) != static_cast<int64_t>(paths.size()))
    throw InconsistentQuantities("The value of Quantity and the size of Items do not match: Paths");
  if (paths.empty()) throw InvalidArgument("Your request must name at least one path.");
  for (const std::string& path : paths) check_invalidation_path(path);
  size_t in_progress = paths.size();
  std::vector<InvalidationRecord> completed;
  for (const auto& [id, other] : call.global_rows(kInvalidations).all()) {
    if (other->distribution_id != distribution.id) continue;
    if (other->batch.CallerReference == batch.CallerReference) {
      if (other->batch.Paths->Items != paths)
        throw InvalidArgument(
            "Your request contains a caller reference that was used for a previous invalidation batch for "
            "the same distribution.");
      return {.Location = invalidation_location(*other), .Invalidation = shown(*other)};
    }
    if (other->completed) {
      completed.push_back(*other);
    } else {
      in_progress += other->batch.Paths->Items.size();
    }
  }
  if (in_progress > kMaxPathsInProgress)
    throw TooManyInvalidationsInProgress(
        "You have exceeded the maximum number of allowable InProgress invalidation paths.");
  std::ranges::sort(completed, {}, [](const InvalidationRecord& old) { return old.created.unix_ms; });
  for (size_t i = 0; i + kMaxKeptInvalidations < completed.size(); ++i)
    call.global_rows(kInvalidations).erase(row_of(completed[i]));
  InvalidationRecord record{.distribution_id = distribution.id,
                            .id = "I" + new_id(call).substr(1),
                            .batch = batch,
                            .created = call.now};
  call.global_rows(kInvalidations).put(row_of(record), record);
  publish(
      call.txn, kInvalidationSnapshotKind, row_of(record),
      InvalidationSnapshot{
          .distribution_id = record.distribution_id, .id = record.id, .paths = paths, .created = call.now});
  return {.Location = invalidation_location(record), .Invalidation = shown(record)};
}

}  // namespace landfall::cloudfront
