// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetKeyGroupConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetKeyGroupConfigResult GetKeyGroupConfig(Call& call, const GetKeyGroupConfigRequest& in) {
  const KeyGroupRecord record = find_key_group(call, *in.Id);
  return {.KeyGroupConfig = record.config, .ETag = record.etag};
}

}  // namespace landfall::cloudfront
