#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/cors.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
S3Result<aws::WireResponse> DeleteBucketCors(S3Request& request) {
  return delete_configuration(request, kCorsConfiguration);
}

}  // namespace landfall::s3
