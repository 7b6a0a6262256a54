#include "services/s3/dataplane/acl.h"
#include "services/s3/dataplane/object_read.h"
#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
S3Result<GetObjectAclOutput> GetObjectAcl(S3Request& request, const GetObjectAclRequest& in) {
  auto record = request.store().find(request.object(), in.VersionId);
  if (!record) return std::unexpected(missing_key(request, record.error()));
  GetObjectAclOutput out;
  out.Owner = owner_of(request);
  out.Grants = owner_grants(request);
  return out;
}

}  // namespace landfall::s3
