// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetPublicKeyConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetPublicKeyConfigResult GetPublicKeyConfig(Call& call, const GetPublicKeyConfigRequest& in) {
  const PublicKeyRecord record = find_public_key(call, *in.Id);
  return {.PublicKeyConfig = record.config, .ETag = record.etag};
}

}  // namespace landfall::cloudfront
