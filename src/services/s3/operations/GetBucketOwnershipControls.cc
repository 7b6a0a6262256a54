#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
S3Result<aws::WireResponse> GetBucketOwnershipControls(S3Request& request) {
  return get_configuration(request, kOwnershipConfiguration, "OwnershipControlsNotFoundError");
}

}  // namespace landfall::s3
