#include "services/s3/dataplane/acl.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
S3Result<GetBucketAclOutput> GetBucketAcl(S3Request& request, const GetBucketAclRequest&) {
  GetBucketAclOutput out;
  out.Owner = owner_of(request);
  out.Grants = owner_grants(request);
  return out;
}

}  // namespace landfall::s3
