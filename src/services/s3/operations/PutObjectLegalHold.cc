#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
S3Result<aws::WireResponse> PutObjectLegalHold(S3Request& request, const PutObjectLegalHoldRequest& in) {
  if (!is_lock_enabled(*request.bucket))
    return s3_fail("InvalidRequest", "Bucket is missing Object Lock Configuration");
  if (!in.LegalHold || !in.LegalHold->Status) return s3_fail("MalformedXML");
  const std::string status = *in.LegalHold->Status;
  if (status != "ON" && status != "OFF") return s3_fail("MalformedXML");
  LF_CHECK(change_lock(request, in.VersionId, [&](Lock& lock) -> S3Result<> {
    lock.legal_hold = status;
    return {};
  }));
  return empty_answer();
}

}  // namespace landfall::s3
