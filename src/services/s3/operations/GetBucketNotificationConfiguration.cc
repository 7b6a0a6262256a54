#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
S3Result<aws::WireResponse> GetBucketNotificationConfiguration(S3Request& request) {
  const NotificationConfiguration none;
  return get_configuration_or(request, kNotificationConfiguration,
                              document_of("GetBucketNotificationConfiguration", &none));
}

}  // namespace landfall::s3
