// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetResponseHeadersPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

GetResponseHeadersPolicyResult GetResponseHeadersPolicy(Call& call,
                                                        const GetResponseHeadersPolicyRequest& in) {
  const auto found = find_response_headers_policy(call, *in.Id);
  if (!found) throw NoSuchResponseHeadersPolicy("The response headers policy does not exist.");
  const ResponseHeadersPolicyRecord& record = *found;
  return {.ResponseHeadersPolicy = ResponseHeadersPolicy{.Id = record.id,
                                                         .LastModifiedTime = record.modified,
                                                         .ResponseHeadersPolicyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
