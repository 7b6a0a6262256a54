#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
S3Result<aws::WireResponse> DeletePublicAccessBlock(S3Request& request) {
  return delete_configuration(request, kPublicAccessBlockConfiguration);
}

}  // namespace landfall::s3
