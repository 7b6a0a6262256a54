// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetOriginRequestPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetOriginRequestPolicyResult GetOriginRequestPolicy(Call& call, const GetOriginRequestPolicyRequest& in) {
  const auto found = find_origin_request_policy(call, *in.Id);
  if (!found) throw NoSuchOriginRequestPolicy("The origin request policy does not exist.");
  const OriginRequestPolicyRecord& record = *found;
  return {.OriginRequestPolicy = OriginRequestPolicy{.Id = record.id,
                                                     .LastModifiedTime = record.modified,
                                                     .OriginRequestPolicyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
