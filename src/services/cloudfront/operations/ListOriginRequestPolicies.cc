// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListOriginRequestPolicies.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

namespace list_origin_request_policy {

// Managed ones first, then one's own, each in the order of ids: what a page's marker tells.
std::vector<OriginRequestPolicySummary> all(const Call& call, const std::string& type) {
  std::vector<OriginRequestPolicySummary> out;
  const auto add = [&](const OriginRequestPolicyRecord& record, const char* kind) {
    out.push_back({.Type = kind,
                   .OriginRequestPolicy = OriginRequestPolicy{.Id = record.id,
                                                              .LastModifiedTime = record.modified,
                                                              .OriginRequestPolicyConfig = record.config}});
  };
  if (type != "custom")
    for (const OriginRequestPolicyRecord& record : managed_origin_request_policies()) add(record, "managed");
  if (type != "managed")
    call.global_rows(kOriginRequestPolicies)
        .each([&](std::string_view, const OriginRequestPolicyRecord& record) { add(record, "custom"); });
  return out;
}

}  // namespace list_origin_request_policy

ListOriginRequestPoliciesResult ListOriginRequestPolicies(Call& call,
                                                          const ListOriginRequestPoliciesRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  OriginRequestPolicyList list{.MaxItems = static_cast<int64_t>(page.limit)};
  bool begun = page.marker.empty();
  for (OriginRequestPolicySummary& one : list_origin_request_policy::all(call, in.Type.value_or(""))) {
    if (!begun) {
      begun = one.OriginRequestPolicy->Id == page.marker;
      continue;
    }
    if (list.Items.size() == page.limit) {
      list.NextMarker = list.Items.back().OriginRequestPolicy->Id;
      break;
    }
    list.Items.push_back(std::move(one));
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.OriginRequestPolicyList = std::move(list)};
}

}  // namespace landfall::cloudfront
