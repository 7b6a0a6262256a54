#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
S3Result<aws::WireResponse> GetBucketLogging(S3Request& request) {
  const GetBucketLoggingOutput off;
  return get_configuration_or(request, kLoggingConfiguration, document_of("GetBucketLogging", &off));
}

}  // namespace landfall::s3
