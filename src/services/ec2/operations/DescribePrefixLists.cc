#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/prefix_lists.h"

namespace landfall::ec2 {

DescribePrefixListsResult DescribePrefixLists(Call& call, const DescribePrefixListsRequest& in) {
  const FilterFields<PrefixListFacts> fields{
      {"prefix-list-id", [](const PrefixListFacts& l, Values& out) { out.push_back(l.id); }},
      {"prefix-list-name", [](const PrefixListFacts& l, Values& out) { out.push_back(l.name); }},
  };
  for (const std::string& id : in.PrefixListIds)
    if (const auto list = find_prefix_list(call.region, id); !list || list->id != id)
      throw_error("InvalidPrefixListID.NotFound", fmt::format("The prefix list ID '{}' does not exist", id));
  std::vector<std::pair<std::string, PrefixListFacts>> found;
  for (const PrefixListFacts& list : prefix_lists_of(call.region)) {
    const auto& ids = in.PrefixListIds;
    if (!ids.empty() && std::ranges::find(ids, list.id) == ids.end()) continue;
    if (matches_filters(in.Filters, fields, list, [] { return TagMap{}; })) found.emplace_back(list.id, list);
  }
  std::ranges::sort(found, {}, [](const auto& row) { return row.first; });
  DescribePrefixListsResult out;
  out.NextToken = take_page(found, {in.MaxResults, in.NextToken});
  for (const auto& [id, list] : found) {
    PrefixList& shown = out.PrefixLists.emplace_back();
    shown.PrefixListId = list.id;
    shown.PrefixListName = list.name;
    shown.Cidrs = list.cidrs;
  }
  return out;
}

}  // namespace landfall::ec2
