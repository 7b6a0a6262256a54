#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
S3Result<aws::WireResponse> DeleteBucketOwnershipControls(S3Request& request) {
  return delete_configuration(request, kOwnershipConfiguration);
}

}  // namespace landfall::s3
