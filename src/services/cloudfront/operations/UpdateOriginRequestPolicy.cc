// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateOriginRequestPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

UpdateOriginRequestPolicyResult UpdateOriginRequestPolicy(Call& call,
                                                          const UpdateOriginRequestPolicyRequest& in) {
  const auto found = find_origin_request_policy(call, *in.Id);
  if (!found) throw NoSuchOriginRequestPolicy("The origin request policy does not exist.");
  if (is_managed(*in.Id)) throw IllegalUpdate("You cannot update a managed origin request policy.");
  OriginRequestPolicyRecord record = *found;
  check_if_match(in.IfMatch, record.etag);
  record.config = checked(*in.OriginRequestPolicyConfig);
  call.global_rows(kOriginRequestPolicies)
      .each([&](std::string_view id, const OriginRequestPolicyRecord& other) {
        if (id != record.id && other.config.Name == record.config.Name)
          throw OriginRequestPolicyAlreadyExists("A origin request policy with this name already exists: " +
                                                 *record.config.Name);
      });
  record.etag = new_id(call);
  record.modified = call.now;
  call.global_rows(kOriginRequestPolicies).put(record.id, record);
  for (const std::string& id : distributions_with(call, record.id)) sync_distribution(call, id);
  return {.OriginRequestPolicy = OriginRequestPolicy{.Id = record.id,
                                                     .LastModifiedTime = record.modified,
                                                     .OriginRequestPolicyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
