#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/object_lock.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
S3Result<aws::WireResponse> PutObjectLockConfiguration(S3Request& request,
                                                       const PutObjectLockConfigurationRequest& in) {
  if (!in.ObjectLockConfiguration || in.ObjectLockConfiguration->ObjectLockEnabled.value_or("") != "Enabled")
    return s3_fail("MalformedXML");
  if (request.bucket->versioning != Versioning::enabled)
    return s3_fail("InvalidBucketState",
                   "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
  if (in.ObjectLockConfiguration->Rule) {
    const auto& retention = in.ObjectLockConfiguration->Rule->DefaultRetention;
    if (!retention || !retention->Mode || retention->Days.has_value() == retention->Years.has_value())
      return s3_fail("MalformedXML");
    const int64_t period = retention->Days ? *retention->Days : *retention->Years;
    if (period <= 0)
      return s3_fail("InvalidArgument", "Default retention period must be a positive integer value.");
    if (period > (retention->Days ? 36500 : 100))
      return s3_fail("InvalidArgument", "Default retention period too large.");
  }
  const GetObjectLockConfigurationOutput out{.ObjectLockConfiguration = in.ObjectLockConfiguration};
  LF_CHECK(
      put_configuration(request, kObjectLockConfiguration, document_of("GetObjectLockConfiguration", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
