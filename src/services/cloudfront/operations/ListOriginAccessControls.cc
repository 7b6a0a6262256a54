// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListOriginAccessControls.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

ListOriginAccessControlsResult ListOriginAccessControls(Call& call,
                                                        const ListOriginAccessControlsRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  OriginAccessControlList list{
      .Marker = page.marker, .MaxItems = static_cast<int64_t>(page.limit), .IsTruncated = false};
  call.global_rows(kOriginAccessControls)
      .each([&](std::string_view id, const OriginAccessControlRecord& record) {
        if (id <= page.marker || *list.IsTruncated) return;
        if (list.Items.size() == page.limit) {
          list.IsTruncated = true;
          list.NextMarker = list.Items.back().Id;
          return;
        }
        const auto& c = record.config;
        list.Items.push_back({.Id = record.id,
                              .Description = c.Description.value_or(""),
                              .Name = c.Name,
                              .SigningProtocol = c.SigningProtocol,
                              .SigningBehavior = c.SigningBehavior,
                              .OriginAccessControlOriginType = c.OriginAccessControlOriginType});
      });
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.OriginAccessControlList = std::move(list)};
}

}  // namespace landfall::cloudfront
