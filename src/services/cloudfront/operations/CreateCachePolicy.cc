// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCachePolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

CreateCachePolicyResult CreateCachePolicy(Call& call, const CreateCachePolicyRequest& in) {
  CachePolicyRecord record{.id = call.random().uuid(),
                           .etag = new_id(call),
                           .modified = call.now,
                           .config = checked(*in.CachePolicyConfig)};
  call.global_rows(kCachePolicies).each([&](std::string_view, const CachePolicyRecord& other) {
    if (other.config.Name == record.config.Name)
      throw CachePolicyAlreadyExists("A cache policy with this name already exists: " + *record.config.Name);
  });
  call.global_rows(kCachePolicies).put(record.id, record);
  return {.CachePolicy =
              CachePolicy{
                  .Id = record.id, .LastModifiedTime = record.modified, .CachePolicyConfig = record.config},
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/cache-policy/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
