// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteCachePolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

aws::Empty DeleteCachePolicy(Call& call, const DeleteCachePolicyRequest& in) {
  const auto found = find_cache_policy(call, *in.Id);
  if (!found) throw NoSuchCachePolicy("The cache policy does not exist.");
  if (is_managed(*in.Id)) throw IllegalDelete("You cannot delete a managed cache policy.");
  check_if_match(in.IfMatch, found->etag);
  if (!distributions_with(call, found->id).empty())
    throw CachePolicyInUse("The cache policy is attached to one or more cache behaviors.");
  call.global_rows(kCachePolicies).erase(found->id);
  return {};
}

}  // namespace landfall::cloudfront
