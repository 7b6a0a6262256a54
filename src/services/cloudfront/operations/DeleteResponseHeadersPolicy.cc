// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteResponseHeadersPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

aws::Empty DeleteResponseHeadersPolicy(Call& call, const DeleteResponseHeadersPolicyRequest& in) {
  const auto found = find_response_headers_policy(call, *in.Id);
  if (!found) throw NoSuchResponseHeadersPolicy("The response headers policy does not exist.");
  if (is_managed(*in.Id)) throw IllegalDelete("You cannot delete a managed response headers policy.");
  check_if_match(in.IfMatch, found->etag);
  if (!distributions_with(call, found->id).empty())
    throw ResponseHeadersPolicyInUse(
        "The response headers policy is attached to one or more cache behaviors.");
  call.global_rows(kResponseHeadersPolicies).erase(found->id);
  return {};
}

}  // namespace landfall::cloudfront
