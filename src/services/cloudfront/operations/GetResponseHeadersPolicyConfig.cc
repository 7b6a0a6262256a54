// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetResponseHeadersPolicyConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetResponseHeadersPolicyConfigResult GetResponseHeadersPolicyConfig(
    Call& call, const GetResponseHeadersPolicyConfigRequest& in) {
  const auto found = find_response_headers_policy(call, *in.Id);
  if (!found) throw NoSuchResponseHeadersPolicy("The response headers policy does not exist.");
  return {.ResponseHeadersPolicyConfig = found->config, .ETag = found->etag};
}

}  // namespace landfall::cloudfront
