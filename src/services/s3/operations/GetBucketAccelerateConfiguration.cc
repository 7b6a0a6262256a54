#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
S3Result<aws::WireResponse> GetBucketAccelerateConfiguration(S3Request& request) {
  const GetBucketAccelerateConfigurationOutput never;
  return get_configuration_or(request, kAccelerateConfiguration,
                              document_of("GetBucketAccelerateConfiguration", &never));
}

}  // namespace landfall::s3
