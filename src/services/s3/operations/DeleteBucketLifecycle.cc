#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/lifecycle.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
S3Result<aws::WireResponse> DeleteBucketLifecycle(S3Request& request) {
  return delete_configuration(request, kLifecycleConfiguration);
}

}  // namespace landfall::s3
