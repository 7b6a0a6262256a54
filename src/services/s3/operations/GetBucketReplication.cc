#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
S3Result<aws::WireResponse> GetBucketReplication(S3Request& request) {
  return get_configuration(request, "replication", "ReplicationConfigurationNotFoundError");
}

}  // namespace landfall::s3
