// Access control lists, as a bucket with BucketOwnerEnforced has them: the owner, in full control.
#pragma once

#include "services/s3/dataplane/listing_text.h"

namespace landfall::s3 {

inline std::vector<Grant> owner_grants(const S3Request& request) {
  Grantee grantee;
  grantee.ID = request.owner_id();
  grantee.Type = "CanonicalUser";
  std::vector<Grant> grants;
  grants.push_back({.Grantee = std::move(grantee), .Permission = "FULL_CONTROL"});
  return grants;
}

}  // namespace landfall::s3
