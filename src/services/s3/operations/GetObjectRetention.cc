#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
S3Result<GetObjectRetentionOutput> GetObjectRetention(S3Request& request,
                                                      const GetObjectRetentionRequest& in) {
  LF_TRY(const Lock lock, find_lock(request, in.VersionId));
  if (lock.mode.empty()) return s3_fail("NoSuchObjectLockConfiguration");
  return GetObjectRetentionOutput{.Retention =
                                      ObjectLockRetention{.Mode = lock.mode, .RetainUntilDate = lock.until}};
}

}  // namespace landfall::s3
