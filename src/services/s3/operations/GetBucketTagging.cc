#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
S3Result<aws::WireResponse> GetBucketTagging(S3Request& request) {
  return get_configuration(request, kTaggingConfiguration, "NoSuchTagSet");
}

}  // namespace landfall::s3
