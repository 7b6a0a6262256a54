// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetCachePolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetCachePolicyResult GetCachePolicy(Call& call, const GetCachePolicyRequest& in) {
  const auto found = find_cache_policy(call, *in.Id);
  if (!found) throw NoSuchCachePolicy("The cache policy does not exist.");
  const CachePolicyRecord& record = *found;
  return {.CachePolicy =
              CachePolicy{
                  .Id = record.id, .LastModifiedTime = record.modified, .CachePolicyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
