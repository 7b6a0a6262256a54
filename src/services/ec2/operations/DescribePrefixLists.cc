#include "ec2/operations.h"
#include "services/ec2/prefix_list_rows.h"

namespace landfall::ec2 {

DescribePrefixListsResult DescribePrefixLists(Call& call, const DescribePrefixListsRequest& in) {
  const auto page = page_of_prefix_lists(
      call, Query{in.PrefixListIds, in.Filters, {in.MaxResults, in.NextToken}}, prefix_list_fields());
  DescribePrefixListsResult out;
  out.NextToken = page.next_token;
  for (const auto& [id, list] : page.rows) {
    PrefixList& shown = out.PrefixLists.emplace_back();
    shown.PrefixListId = list.id;
    shown.PrefixListName = list.name;
    shown.Cidrs = list.cidrs;
  }
  return out;
}

}  // namespace landfall::ec2
