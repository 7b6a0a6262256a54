#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/object_lock.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
S3Result<DeleteObjectOutput> DeleteObject(S3Request& request, const DeleteObjectRequest& in) {
  LF_CHECK(request.authorize(in.VersionId ? "s3:DeleteObjectVersion" : "s3:DeleteObject"));
  LF_TRY(Precondition precondition, write_precondition(request.http().headers));
  if (in.VersionId && is_lock_enabled(*request.bucket)) {
    if (precondition) return s3_fail("InvalidRequest", "A locked version is deleted without conditions.");
    precondition = refuse_if_locked(request.store().clock().now(), bypass_of(request, request.object_arn()));
  }
  DeleteRequest erase{request.object(), in.VersionId, std::move(precondition)};
  auto erased = wait_for<DeleteOutcome>(
      [&](Done<DeleteOutcome> done) { request.store().erase(std::move(erase), std::move(done)); });
  if (!erased) return std::unexpected(from_store(erased.error()));
  DeleteObjectOutput out;
  if (erased->delete_marker) out.DeleteMarker = true;
  if (!erased->version_id.empty()) out.VersionId = erased->version_id;
  if (erased->delete_marker && erased->version_id.empty()) out.VersionId = "null";
  return out;
}

}  // namespace landfall::s3
