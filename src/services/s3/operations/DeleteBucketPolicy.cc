#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
S3Result<aws::WireResponse> DeleteBucketPolicy(S3Request& request) {
  return delete_configuration(request, kPolicyConfiguration);
}

}  // namespace landfall::s3
