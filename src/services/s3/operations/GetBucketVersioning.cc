#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
S3Result<GetBucketVersioningOutput> GetBucketVersioning(S3Request& request,
                                                        const GetBucketVersioningRequest&) {
  GetBucketVersioningOutput out;
  if (request.bucket->versioning == Versioning::enabled) out.Status = "Enabled";
  if (request.bucket->versioning == Versioning::suspended) out.Status = "Suspended";
  if (const auto said = request.bucket->configuration.find("mfa-delete");
      said != request.bucket->configuration.end())
    out.MFADelete = said->second;
  return out;
}

}  // namespace landfall::s3
