// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListResponseHeadersPolicies.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

namespace list_response_headers_policy {

// Managed ones first, then one's own, each in the order of ids: what a page's marker tells.
std::vector<ResponseHeadersPolicySummary> all(const Call& call, const std::string& type) {
  std::vector<ResponseHeadersPolicySummary> out;
  const auto add = [&](const ResponseHeadersPolicyRecord& record, const char* kind) {
    out.push_back(
        {.Type = kind,
         .ResponseHeadersPolicy = ResponseHeadersPolicy{.Id = record.id,
                                                        .LastModifiedTime = record.modified,
                                                        .ResponseHeadersPolicyConfig = record.config}});
  };
  if (type != "custom")
    for (const ResponseHeadersPolicyRecord& record : managed_response_headers_policies())
      add(record, "managed");
  if (type != "managed")
    call.global_rows(kResponseHeadersPolicies)
        .each([&](std::string_view, const ResponseHeadersPolicyRecord& record) { add(record, "custom"); });
  return out;
}

}  // namespace list_response_headers_policy

ListResponseHeadersPoliciesResult ListResponseHeadersPolicies(Call& call,
                                                              const ListResponseHeadersPoliciesRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  ResponseHeadersPolicyList list{.MaxItems = static_cast<int64_t>(page.limit)};
  bool begun = page.marker.empty();
  for (ResponseHeadersPolicySummary& one : list_response_headers_policy::all(call, in.Type.value_or(""))) {
    if (!begun) {
      begun = one.ResponseHeadersPolicy->Id == page.marker;
      continue;
    }
    if (list.Items.size() == page.limit) {
      list.NextMarker = list.Items.back().ResponseHeadersPolicy->Id;
      break;
    }
    list.Items.push_back(std::move(one));
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.ResponseHeadersPolicyList = std::move(list)};
}

}  // namespace landfall::cloudfront
