#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
// ACLs are off, as in every new bucket of AWS: only what says the same as their absence is taken.
S3Result<aws::WireResponse> PutBucketAcl(S3Request& request, const PutBucketAclRequest& in) {
  const bool grants =
      in.GrantFullControl || in.GrantRead || in.GrantReadACP || in.GrantWrite || in.GrantWriteACP;
  const bool owner_only =
      !in.AccessControlPolicy ||
      (in.AccessControlPolicy->Grants.size() == 1 && in.AccessControlPolicy->Grants[0].Grantee &&
       in.AccessControlPolicy->Grants[0].Grantee->ID == request.owner_id());
  if (grants || !owner_only || in.ACL.value_or("private") != "private")
    return s3_fail("AccessControlListNotSupported");
  return empty_answer();
}

}  // namespace landfall::s3
