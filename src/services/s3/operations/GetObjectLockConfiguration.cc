#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
S3Result<aws::WireResponse> GetObjectLockConfiguration(S3Request& request) {
  return get_configuration(request, "object-lock", "ObjectLockConfigurationNotFoundError");
}

}  // namespace landfall::s3
