// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateOriginRequestPolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

CreateOriginRequestPolicyResult CreateOriginRequestPolicy(Call& call,
                                                          const CreateOriginRequestPolicyRequest& in) {
  OriginRequestPolicyRecord record{.id = call.random().uuid(),
                                   .etag = new_id(call),
                                   .modified = call.now,
                                   .config = checked(*in.OriginRequestPolicyConfig)};
  call.global_rows(kOriginRequestPolicies)
      .each([&](std::string_view, const OriginRequestPolicyRecord& other) {
        if (other.config.Name == record.config.Name)
          throw OriginRequestPolicyAlreadyExists("A origin request policy with this name already exists: " +
                                                 *record.config.Name);
      });
  call.global_rows(kOriginRequestPolicies).put(record.id, record);
  return {.OriginRequestPolicy = OriginRequestPolicy{.Id = record.id,
                                                     .LastModifiedTime = record.modified,
                                                     .OriginRequestPolicyConfig = record.config},
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/origin-request-policy/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
