#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/pooled.h"
#include "services/s3/dataplane/tags.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
S3Result<PutObjectTaggingOutput> PutObjectTagging(S3Request& request, const PutObjectTaggingRequest& in) {
  LF_CHECK(request.authorize(in.VersionId ? "s3:PutObjectVersionTagging" : "s3:PutObjectTagging"));
  if (!in.Tagging) return s3_fail("MalformedXML");
  StringPairs tags = pairs_of(in.Tagging->TagSet);
  LF_CHECK(check_tags(tags, kMaxObjectTags));
  auto changed = wait_for<ObjectRecord>([&](Done<ObjectRecord> done) {
    request.store().change_attributes(
        request.object(), in.VersionId, [tags](ObjectAttributes& attributes) { attributes.tags = tags; },
        std::move(done));
  });
  if (!changed) return std::unexpected(from_store(changed.error()));
  PutObjectTaggingOutput out;
  if (!changed->version_id.empty()) out.VersionId = changed->version_id;
  return out;
}

}  // namespace landfall::s3
