#include "services/s3/dataplane/object_lock.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
S3Result<DeleteObjectsOutput> DeleteObjects(S3Request& request, const DeleteObjectsRequest& in) {
  constexpr size_t kMaxKeys = 1000;
  if (!in.Delete || in.Delete->Objects.empty() || in.Delete->Objects.size() > kMaxKeys)
    return s3_fail("MalformedXML");
  for (const ObjectIdentifier& object : in.Delete->Objects) {
    if (object.Key.value_or("").empty()) return s3_fail("MalformedXML");
  }
  DeleteObjectsOutput out;
  const auto report = [&](const ObjectIdentifier& object, const S3Error& error) {
    out.Errors.push_back(
        {.Key = object.Key, .VersionId = object.VersionId, .Code = error.code, .Message = error.message});
  };
  // All are handed to the committer before the first is waited for, so that they share its synced writes.
  std::vector<std::pair<const ObjectIdentifier*, std::future<StoreResult<DeleteOutcome>>>> pending;
  for (const ObjectIdentifier& object : in.Delete->Objects) {
    auto allowed = request.authorize_on(request.bucket.get(),
                                        object.VersionId ? "s3:DeleteObjectVersion" : "s3:DeleteObject",
                                        request.bucket_arn() + "/" + *object.Key);
    if (!allowed) {
      report(object, allowed.error());
      continue;
    }
    Precondition precondition;
    if (object.VersionId && is_lock_enabled(*request.bucket))
      precondition = refuse_if_locked(request.store().clock().now(),
                                      bypass_of(request, request.bucket_arn() + "/" + *object.Key));
    auto outcome = std::make_shared<std::promise<StoreResult<DeleteOutcome>>>();
    pending.emplace_back(&object, outcome->get_future());
    request.store().erase(
        {{request.address.bucket, request.bucket->id, *object.Key},
         object.VersionId,
         std::move(precondition)},
        [outcome](StoreResult<DeleteOutcome> result) { outcome->set_value(std::move(result)); });
  }
  const bool quiet = in.Delete->Quiet.value_or(false);
  for (auto& [object, future] : pending) {
    auto erased = future.get();
    if (!erased) {
      report(*object, from_store(erased.error()));
    } else if (!quiet) {
      DeletedObject deleted{.Key = object->Key, .VersionId = object->VersionId};
      if (erased->delete_marker) {
        deleted.DeleteMarker = true;
        deleted.DeleteMarkerVersionId = erased->version_id.empty() ? "null" : erased->version_id;
      }
      out.Deleted.push_back(std::move(deleted));
    }
  }
  return out;
}

}  // namespace landfall::s3
