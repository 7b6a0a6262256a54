// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateCachePolicy.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

UpdateCachePolicyResult UpdateCachePolicy(Call& call, const UpdateCachePolicyRequest& in) {
  const auto found = find_cache_policy(call, *in.Id);
  if (!found) throw NoSuchCachePolicy("The cache policy does not exist.");
  if (is_managed(*in.Id)) throw IllegalUpdate("You cannot update a managed cache policy.");
  CachePolicyRecord record = *found;
  check_if_match(in.IfMatch, record.etag);
  record.config = checked(*in.CachePolicyConfig);
  call.global_rows(kCachePolicies).each([&](std::string_view id, const CachePolicyRecord& other) {
    if (id != record.id && other.config.Name == record.config.Name)
      throw CachePolicyAlreadyExists("A cache policy with this name already exists: " + *record.config.Name);
  });
  record.etag = new_id(call);
  record.modified = call.now;
  call.global_rows(kCachePolicies).put(record.id, record);
  for (const std::string& id : distributions_with(call, record.id)) sync_distribution(call, id);
  return {.CachePolicy =
              CachePolicy{
                  .Id = record.id, .LastModifiedTime = record.modified, .CachePolicyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
