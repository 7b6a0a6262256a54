#include "services/s3/dataplane/bucket_policy.h"
#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
S3Result<aws::WireResponse> GetBucketPolicy(S3Request& request) {
  LF_TRY(aws::WireResponse answer, get_configuration(request, kPolicyConfiguration, "NoSuchBucketPolicy"));
  answer.headers.set("Content-Type", "application/json");
  return answer;
}

}  // namespace landfall::s3
