// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetOriginRequestPolicyConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetOriginRequestPolicyConfigResult GetOriginRequestPolicyConfig(
    Call& call, const GetOriginRequestPolicyConfigRequest& in) {
  const auto found = find_origin_request_policy(call, *in.Id);
  if (!found) throw NoSuchOriginRequestPolicy("The origin request policy does not exist.");
  return {.OriginRequestPolicyConfig = found->config, .ETag = found->etag};
}

}  // namespace landfall::cloudfront
