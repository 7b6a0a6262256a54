#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
// Landfall has neither SNS, SQS, Lambda nor EventBridge to tell.
S3Result<aws::WireResponse> PutBucketNotificationConfiguration(
    S3Request& request, const PutBucketNotificationConfigurationRequest& in) {
  if (!in.NotificationConfiguration) return s3_fail("MalformedXML");
  const NotificationConfiguration& given = *in.NotificationConfiguration;
  if (!given.TopicConfigurations.empty() || !given.QueueConfigurations.empty() ||
      !given.LambdaFunctionConfigurations.empty())
    return s3_fail("InvalidArgument", "Unable to validate the following destination configurations");
  LF_CHECK(put_configuration(request, kNotificationConfiguration,
                             document_of("GetBucketNotificationConfiguration", &given)));
  return empty_answer();
}

}  // namespace landfall::s3
