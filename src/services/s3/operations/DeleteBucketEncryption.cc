#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
S3Result<aws::WireResponse> DeleteBucketEncryption(S3Request& request) {
  return delete_configuration(request, kEncryptionConfiguration);
}

}  // namespace landfall::s3
