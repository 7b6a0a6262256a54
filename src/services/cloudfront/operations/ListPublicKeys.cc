// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListPublicKeys.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

ListPublicKeysResult ListPublicKeys(Call& call, const ListPublicKeysRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  PublicKeyList list{.MaxItems = static_cast<int64_t>(page.limit)};
  for (const auto& [id, stored] : call.global_rows(kPublicKeys).all()) {
    const PublicKeyRecord& record = *stored;
    if (id <= page.marker) continue;
    if (list.Items.size() == page.limit) {
      list.NextMarker = list.Items.back().Id;
      break;
    }
    list.Items.push_back({.Id = record.id,
                          .Name = record.config.Name,
                          .CreatedTime = record.modified,
                          .EncodedKey = record.config.EncodedKey,
                          .Comment = record.config.Comment});
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.PublicKeyList = std::move(list)};
}

}  // namespace landfall::cloudfront
