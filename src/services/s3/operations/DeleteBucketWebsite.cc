#include "services/s3/dataplane/configuration.h"
#include "services/s3/dataplane/website.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
S3Result<aws::WireResponse> DeleteBucketWebsite(S3Request& request) {
  return delete_configuration(request, kWebsiteConfiguration);
}

}  // namespace landfall::s3
