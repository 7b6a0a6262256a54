#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
S3Result<GetObjectLegalHoldOutput> GetObjectLegalHold(S3Request& request,
                                                      const GetObjectLegalHoldRequest& in) {
  LF_TRY(const Lock lock, find_lock(request, in.VersionId));
  if (lock.legal_hold.empty()) return s3_fail("NoSuchObjectLockConfiguration");
  return GetObjectLegalHoldOutput{.LegalHold = ObjectLockLegalHold{.Status = lock.legal_hold}};
}

}  // namespace landfall::s3
