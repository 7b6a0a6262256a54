// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

ListDistributionsResult ListDistributions(Call& call, const ListDistributionsRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  DistributionList list{
      .Marker = page.marker, .MaxItems = static_cast<int64_t>(page.limit), .IsTruncated = false};
  call.global_rows(kDistributions).each([&](std::string_view id, const DistributionRecord& record) {
    if (id <= page.marker || *list.IsTruncated) return;
    if (list.Items.size() < page.limit) return list.Items.push_back(summary(record));
    list.IsTruncated = true;
    list.NextMarker = list.Items.back().Id;
  });
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.DistributionList = std::move(list)};
}

}  // namespace landfall::cloudfront
