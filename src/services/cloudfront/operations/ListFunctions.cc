// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListFunctions.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/functions.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

ListFunctionsResult ListFunctions(Call& call, const ListFunctionsRequest& in) {
  const Page page = page_of(in.Marker, in.MaxItems);
  FunctionList list{.MaxItems = static_cast<int64_t>(page.limit)};
  for (const auto& [name, record] : call.global_rows(kFunctions).all()) {
    if (name <= page.marker || (in.Stage == "LIVE" && !record->live)) continue;
    if (list.Items.size() == page.limit) {
      list.NextMarker = list.Items.back().Name;
      break;
    }
    list.Items.push_back(function_summary(call, *record, in.Stage));
  }
  list.Quantity = static_cast<int64_t>(list.Items.size());
  return {.FunctionList = std::move(list)};
}

}  // namespace landfall::cloudfront
