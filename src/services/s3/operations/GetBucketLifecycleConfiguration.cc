#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
S3Result<aws::WireResponse> GetBucketLifecycleConfiguration(S3Request& request) {
  return get_configuration(request, "lifecycle", "NoSuchLifecycleConfiguration");
}

}  // namespace landfall::s3
