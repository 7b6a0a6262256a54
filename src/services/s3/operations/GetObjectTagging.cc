#include "services/s3/dataplane/object_read.h"
#include "services/s3/dataplane/pooled.h"
#include "services/s3/dataplane/tags.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
S3Result<GetObjectTaggingOutput> GetObjectTagging(S3Request& request, const GetObjectTaggingRequest& in) {
  LF_CHECK(request.authorize(in.VersionId ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging"));
  auto found = request.store().find(request.object(), in.VersionId);
  if (!found) return std::unexpected(missing_key(request, found.error()));
  const ObjectRecord& record = **found;
  if (record.delete_marker) return s3_fail(in.VersionId ? "MethodNotAllowed" : "NoSuchKey");
  GetObjectTaggingOutput out;
  out.TagSet = tags_of(record.attributes.tags);
  if (!record.version_id.empty()) out.VersionId = record.version_id;
  return out;
}

}  // namespace landfall::s3
