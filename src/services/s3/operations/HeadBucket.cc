#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
S3Result<HeadBucketOutput> HeadBucket(S3Request& request, const HeadBucketRequest&) {
  HeadBucketOutput out;
  out.BucketRegion = request.bucket->region;
  out.BucketArn = request.bucket_arn();
  return out;
}

}  // namespace landfall::s3
