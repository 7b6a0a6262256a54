// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListCachePolicies.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

ListCachePoliciesResult ListCachePolicies(Call&, const ListCachePoliciesRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  CachePolicyList list{.MaxItems = static_cast<int64_t>(page.limit)};
  bool begun = page.marker.empty();
  if (in.Type.value_or("managed") == "managed")  // there are no custom ones
    for (const CachePolicy& policy : managed_cache_policies()) {
      if (!begun) {
        begun = policy.Id == page.marker;
        continue;
      }
      if (list.Items.size() == page.limit) {
        list.NextMarker = list.Items.back().CachePolicy->Id;
        break;
      }
      list.Items.push_back({.Type = "managed", .CachePolicy = policy});
    }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.CachePolicyList = std::move(list)};
}

}  // namespace landfall::cloudfront
