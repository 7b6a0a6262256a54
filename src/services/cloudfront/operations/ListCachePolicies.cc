// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListCachePolicies.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

namespace list_cache_policy {

// Managed ones first, then one's own, each in the order of ids: what a page's marker tells.
std::vector<CachePolicySummary> all(const Call& call, const std::string& type) {
  std::vector<CachePolicySummary> out;
  const auto add = [&](const CachePolicyRecord& record, const char* kind) {
    out.push_back(
        {.Type = kind,
         .CachePolicy = CachePolicy{
             .Id = record.id, .LastModifiedTime = record.modified, .CachePolicyConfig = record.config}});
  };
  if (type != "custom")
    for (const CachePolicyRecord& record : managed_cache_policies()) add(record, "managed");
  if (type != "managed")
    call.global_rows(kCachePolicies).each([&](std::string_view, const CachePolicyRecord& record) {
      add(record, "custom");
    });
  return out;
}

}  // namespace list_cache_policy

ListCachePoliciesResult ListCachePolicies(Call& call, const ListCachePoliciesRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  CachePolicyList list{.MaxItems = static_cast<int64_t>(page.limit)};
  bool begun = page.marker.empty();
  for (CachePolicySummary& one : list_cache_policy::all(call, in.Type.value_or(""))) {
    if (!begun) {
      begun = one.CachePolicy->Id == page.marker;
      continue;
    }
    if (list.Items.size() == page.limit) {
      list.NextMarker = list.Items.back().CachePolicy->Id;
      break;
    }
    list.Items.push_back(std::move(one));
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.CachePolicyList = std::move(list)};
}

}  // namespace landfall::cloudfront
