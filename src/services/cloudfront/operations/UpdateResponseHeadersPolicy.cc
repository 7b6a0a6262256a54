// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateResponseHeadersPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

UpdateResponseHeadersPolicyResult UpdateResponseHeadersPolicy(Call& call,
                                                              const UpdateResponseHeadersPolicyRequest& in) {
  const auto found = find_response_headers_policy(call, *in.Id);
  if (!found) throw NoSuchResponseHeadersPolicy("The response headers policy does not exist.");
  if (is_managed(*in.Id)) throw IllegalUpdate("You cannot update a managed response headers policy.");
  ResponseHeadersPolicyRecord record = *found;
  check_if_match(in.IfMatch, record.etag);
  record.config = checked(*in.ResponseHeadersPolicyConfig);
  call.global_rows(kResponseHeadersPolicies)
      .each([&](std::string_view id, const ResponseHeadersPolicyRecord& other) {
        if (id != record.id && other.config.Name == record.config.Name)
          throw ResponseHeadersPolicyAlreadyExists(
              "A response headers policy with this name already exists: " + *record.config.Name);
      });
  record.etag = new_id(call);
  record.modified = call.now;
  call.global_rows(kResponseHeadersPolicies).put(record.id, record);
  for (const std::string& id : distributions_with(call, record.id)) sync_distribution(call, id);
  return {.ResponseHeadersPolicy = ResponseHeadersPolicy{.Id = record.id,
                                                         .LastModifiedTime = record.modified,
                                                         .ResponseHeadersPolicyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
