// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListKeyGroups.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

ListKeyGroupsResult ListKeyGroups(Call& call, const ListKeyGroupsRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  KeyGroupList list{.MaxItems = static_cast<int64_t>(page.limit)};
  for (const auto& [id, stored] : call.global_rows(kKeyGroups).all()) {
    const KeyGroupRecord& record = *stored;
    if (id <= page.marker) continue;
    if (list.Items.size() == page.limit) {
      list.NextMarker = list.Items.back().KeyGroup->Id;
      break;
    }
    list.Items.push_back(
        {.KeyGroup = KeyGroup{
             .Id = record.id, .LastModifiedTime = record.modified, .KeyGroupConfig = record.config}});
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.KeyGroupList = std::move(list)};
}

}  // namespace landfall::cloudfront
