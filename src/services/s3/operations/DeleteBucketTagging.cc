#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
S3Result<aws::WireResponse> DeleteBucketTagging(S3Request& request) {
  return delete_configuration(request, kTaggingConfiguration);
}

}  // namespace landfall::s3
