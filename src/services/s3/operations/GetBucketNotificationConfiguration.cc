#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
S3Result<NotificationConfiguration> GetBucketNotificationConfiguration(
    S3Request&, const GetBucketNotificationConfigurationRequest&) {
  return NotificationConfiguration();  // none can be set
}

}  // namespace landfall::s3
