// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteOriginRequestPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

aws::Empty DeleteOriginRequestPolicy(Call& call, const DeleteOriginRequestPolicyRequest& in) {
  const auto found = find_origin_request_policy(call, *in.Id);
  if (!found) throw NoSuchOriginRequestPolicy("The origin request policy does not exist.");
  if (is_managed(*in.Id)) throw IllegalDelete("You cannot delete a managed origin request policy.");
  check_if_match(in.IfMatch, found->etag);
  if (!distributions_with(call, found->id).empty())
    throw OriginRequestPolicyInUse("The origin request policy is attached to one or more cache behaviors.");
  call.global_rows(kOriginRequestPolicies).erase(found->id);
  return {};
}

}  // namespace landfall::cloudfront
