#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
S3Result<aws::WireResponse> GetBucketWebsite(S3Request& request) {
  return get_configuration(request, "website", "NoSuchWebsiteConfiguration");
}

}  // namespace landfall::s3
