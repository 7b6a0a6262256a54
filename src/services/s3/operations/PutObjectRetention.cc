#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
S3Result<aws::WireResponse> PutObjectRetention(S3Request& request, const PutObjectRetentionRequest& in) {
  if (!is_lock_enabled(*request.bucket))
    return s3_fail("InvalidRequest", "Bucket is missing Object Lock Configuration");
  Lock wanted;
  if (in.Retention && (in.Retention->Mode || in.Retention->RetainUntilDate)) {
    if (!in.Retention->Mode || !in.Retention->RetainUntilDate) return s3_fail("MalformedXML");
    wanted.mode = *in.Retention->Mode;
    wanted.until = *in.Retention->RetainUntilDate;
    if (wanted.until <= request.store().clock().now())
      return s3_fail("InvalidArgument", "The retain until date must be in the future!");
  }
  LF_CHECK(change_lock(request, in.VersionId, [&](Lock& lock) -> S3Result<> {
    LF_CHECK(may_shorten(request, lock, wanted));
    lock.mode = wanted.mode;
    lock.until = wanted.until;
    return {};
  }));
  return empty_answer();
}

}  // namespace landfall::s3
