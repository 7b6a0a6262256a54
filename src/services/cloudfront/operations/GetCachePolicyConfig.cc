// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetCachePolicyConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetCachePolicyConfigResult GetCachePolicyConfig(Call&, const GetCachePolicyConfigRequest& in) {
  const CachePolicy* policy = find_cache_policy(*in.Id);
  if (policy == nullptr) throw NoSuchCachePolicy("The cache policy does not exist.");
  return {.CachePolicyConfig = policy->CachePolicyConfig, .ETag = kManagedPolicyEtag};
}

}  // namespace landfall::cloudfront
