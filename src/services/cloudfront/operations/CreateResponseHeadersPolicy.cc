// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateResponseHeadersPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

CreateResponseHeadersPolicyResult CreateResponseHeadersPolicy(Call& call,
                                                              const CreateResponseHeadersPolicyRequest& in) {
  ResponseHeadersPolicyRecord record{.id = call.random().uuid(),
                                     .etag = new_id(call),
                                     .modified = call.now,
                                     .config = checked(*in.ResponseHeadersPolicyConfig)};
  call.global_rows(kResponseHeadersPolicies)
      .each([&](std::string_view, const ResponseHeadersPolicyRecord& other) {
        if (other.config.Name == record.config.Name)
          throw ResponseHeadersPolicyAlreadyExists(
              "A response headers policy with this name already exists: " + *record.config.Name);
      });
  call.global_rows(kResponseHeadersPolicies).put(record.id, record);
  return {.ResponseHeadersPolicy = ResponseHeadersPolicy{.Id = record.id,
                                                         .LastModifiedTime = record.modified,
                                                         .ResponseHeadersPolicyConfig = record.config},
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/response-headers-policy/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
