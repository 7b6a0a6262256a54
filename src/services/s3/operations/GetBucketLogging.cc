#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
S3Result<GetBucketLoggingOutput> GetBucketLogging(S3Request&, const GetBucketLoggingRequest&) {
  return GetBucketLoggingOutput();  // off; it cannot be turned on
}

}  // namespace landfall::s3
