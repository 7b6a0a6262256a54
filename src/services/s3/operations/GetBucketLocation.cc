#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
S3Result<GetBucketLocationOutput> GetBucketLocation(S3Request& request, const GetBucketLocationRequest&) {
  GetBucketLocationOutput out;
  out.LocationConstraint = request.bucket->region == "us-east-1" ? "" : request.bucket->region;
  return out;
}

}  // namespace landfall::s3
