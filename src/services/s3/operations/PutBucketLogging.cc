#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
S3Result<aws::WireResponse> PutBucketLogging(S3Request& request, const PutBucketLoggingRequest& in) {
  if (!in.BucketLoggingStatus) return s3_fail("MalformedXML");
  const auto& enabled = in.BucketLoggingStatus->LoggingEnabled;
  if (!enabled) {
    LF_CHECK(change_bucket(request,
                           [](BucketRecord& record) { record.configuration.erase(kLoggingConfiguration); }));
    return empty_answer();
  }
  const auto& format = enabled->TargetObjectKeyFormat;
  if (format && format->SimplePrefix.has_value() == format->PartitionedPrefix.has_value())
    return s3_fail("MalformedXML");
  const auto target = request.store().find_bucket(enabled->TargetBucket.value_or(""));
  if (!target || target->owner != request.bucket->owner)
    return s3_fail("InvalidTargetBucketForLogging", "The target bucket for logging does not exist");
  const GetBucketLoggingOutput out{.LoggingEnabled = enabled};
  LF_CHECK(put_configuration(request, kLoggingConfiguration, document_of("GetBucketLogging", &out)));
  request.core.access_logs.logging_was_configured();
  return empty_answer();
}

}  // namespace landfall::s3
