#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
S3Result<GetBucketAccelerateConfigurationOutput> GetBucketAccelerateConfiguration(
    S3Request&, const GetBucketAccelerateConfigurationRequest&) {
  return GetBucketAccelerateConfigurationOutput();  // never configured
}

}  // namespace landfall::s3
