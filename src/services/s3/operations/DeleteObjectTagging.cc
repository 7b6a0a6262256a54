#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
S3Result<DeleteObjectTaggingOutput> DeleteObjectTagging(S3Request& request,
                                                        const DeleteObjectTaggingRequest& in) {
  LF_CHECK(request.authorize(in.VersionId ? "s3:DeleteObjectVersionTagging" : "s3:DeleteObjectTagging"));
  auto changed = wait_for<ObjectRecord>([&](Done<ObjectRecord> done) {
    request.store().change_attributes(
        request.object(), in.VersionId, [](ObjectAttributes& attributes) { attributes.tags.clear(); },
        std::move(done));
  });
  if (!changed) return std::unexpected(from_store(changed.error()));
  DeleteObjectTaggingOutput out;
  if (!changed->version_id.empty()) out.VersionId = changed->version_id;
  return out;
}

}  // namespace landfall::s3
