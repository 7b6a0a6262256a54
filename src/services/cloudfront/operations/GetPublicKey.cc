// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetPublicKey.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetPublicKeyResult GetPublicKey(Call& call, const GetPublicKeyRequest& in) {
  const PublicKeyRecord record = find_public_key(call, *in.Id);
  return {.PublicKey =
              PublicKey{.Id = record.id, .CreatedTime = record.modified, .PublicKeyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
