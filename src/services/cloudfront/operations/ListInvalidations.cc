// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListInvalidations.html
#include <algorithm>
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

ListInvalidationsResult ListInvalidations(Call& call, const ListInvalidationsRequest& in) {
  find_distribution(call, *in.DistributionId);
  const Page page = page_of(in.Marker, in.MaxItems);
  std::vector<InvalidationRecord> all;
  call.global_rows(kInvalidations).each([&](std::string_view, const InvalidationRecord& record) {
    if (record.distribution_id == *in.DistributionId) all.push_back(record);
  });
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    return std::pair(b.created.unix_ms, b.id) < std::pair(a.created.unix_ms, a.id);
  });  // newest first
  InvalidationList list{
      .Marker = page.marker, .MaxItems = static_cast<int64_t>(page.limit), .IsTruncated = false};
  bool begun = page.marker.empty();
  for (const InvalidationRecord& record : all) {
    if (!begun) {
      begun = record.id == page.marker;
      continue;
    }
    if (list.Items.size() == page.limit) {
      list.IsTruncated = true;
      list.NextMarker = list.Items.back().Id;
      break;
    }
    list.Items.push_back({.Id = record.id,
                          .CreateTime = record.created,
                          .Status = record.completed ? "Completed" : "InProgress"});
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.InvalidationList = std::move(list)};
}

}  // namespace landfall::cloudfront
