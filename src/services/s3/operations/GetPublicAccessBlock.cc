#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
S3Result<aws::WireResponse> GetPublicAccessBlock(S3Request& request) {
  return get_configuration(request, kPublicAccessBlockConfiguration, "NoSuchPublicAccessBlockConfiguration");
}

}  // namespace landfall::s3
