#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
S3Result<aws::WireResponse> PutBucketVersioning(S3Request& request, const PutBucketVersioningRequest& in) {
  if (!in.VersioningConfiguration || !in.VersioningConfiguration->Status) {
    return s3_fail("IllegalVersioningConfigurationException");
  }
  if (in.VersioningConfiguration->MFADelete.value_or("Disabled") == "Enabled") {
    return s3_fail("NotImplemented", "Landfall does not implement MFA Delete");
  }
  const std::string& status = *in.VersioningConfiguration->Status;
  if (status != "Enabled" && status != "Suspended") return s3_fail("MalformedXML");
  if (status == "Suspended" && is_lock_enabled(*request.bucket))
    return s3_fail(
        "InvalidBucketState",
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
  const Versioning versioning = status == "Enabled" ? Versioning::enabled : Versioning::suspended;
  // MfaDelete is told from then on, once it was said.
  const bool mfa_delete_said = in.VersioningConfiguration->MFADelete.has_value();
  LF_CHECK(change_bucket(request, [=](BucketRecord& record) {
    record.versioning = versioning;
    if (mfa_delete_said) record.configuration["mfa-delete"] = "Disabled";
  }));
  return empty_answer();
}

}  // namespace landfall::s3
