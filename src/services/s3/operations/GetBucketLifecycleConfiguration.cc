#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/lifecycle.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
S3Result<aws::WireResponse> GetBucketLifecycleConfiguration(S3Request& request) {
  LF_TRY(aws::WireResponse answer,
         get_configuration(request, kLifecycleConfiguration, "NoSuchLifecycleConfiguration"));
  const auto minimum = request.bucket->configuration.find(kLifecycleMinimumSize);
  if (minimum != request.bucket->configuration.end())
    answer.headers.add("x-amz-transition-default-minimum-object-size", minimum->second);
  return answer;
}

}  // namespace landfall::s3
