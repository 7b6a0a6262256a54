#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
S3Result<aws::WireResponse> GetBucketEncryption(S3Request& request) {
  if (request.bucket->configuration.contains(kEncryptionConfiguration)) {
    return get_configuration(request, kEncryptionConfiguration,
                             "ServerSideEncryptionConfigurationNotFoundError");
  }
  // Every bucket has SSE-S3 by default.
  ServerSideEncryptionRule rule;
  rule.ApplyServerSideEncryptionByDefault = ServerSideEncryptionByDefault{.SSEAlgorithm = "AES256"};
  rule.BucketKeyEnabled = false;
  ServerSideEncryptionConfiguration configuration;
  configuration.Rules.push_back(std::move(rule));
  const GetBucketEncryptionOutput out{.ServerSideEncryptionConfiguration = std::move(configuration)};
  return encode_output(request, &out);
}

}  // namespace landfall::s3
