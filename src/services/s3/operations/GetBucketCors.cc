#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/cors.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
S3Result<aws::WireResponse> GetBucketCors(S3Request& request) {
  return get_configuration(request, kCorsConfiguration, "NoSuchCORSConfiguration");
}

}  // namespace landfall::s3
