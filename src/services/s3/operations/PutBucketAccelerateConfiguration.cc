#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
S3Result<aws::WireResponse> PutBucketAccelerateConfiguration(
    S3Request& request, const PutBucketAccelerateConfigurationRequest& in) {
  if (!in.AccelerateConfiguration || !in.AccelerateConfiguration->Status) return s3_fail("MalformedXML");
  const std::string& status = *in.AccelerateConfiguration->Status;
  if (status != "Enabled" && status != "Suspended") return s3_fail("MalformedXML");
  if (request.address.bucket.find('.') != std::string::npos)
    return s3_fail("InvalidRequest",
                   "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
  GetBucketAccelerateConfigurationOutput out;
  out.Status = status;
  LF_CHECK(put_configuration(request, kAccelerateConfiguration,
                             document_of("GetBucketAccelerateConfiguration", &out)));
  return empty_answer();
}

}  // namespace landfall::s3
