// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetCachePolicyConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetCachePolicyConfigResult GetCachePolicyConfig(Call& call, const GetCachePolicyConfigRequest& in) {
  const auto found = find_cache_policy(call, *in.Id);
  if (!found) throw NoSuchCachePolicy("The cache policy does not exist.");
  return {.CachePolicyConfig = found->config, .ETag = found->etag};
}

}  // namespace landfall::cloudfront
