#include "services/ec2/prefix_list_rows.h"

#include <algorithm>

namespace landfall::ec2 {

PrefixListPage page_of_prefix_lists(const Call& call, const Query& query,
                                    const FilterFields<PrefixListFacts>& fields) {
  for (const std::string& id : query.ids)
    if (const auto list = find_prefix_list(call.region, call.plane.config.public_cidr, id);
        !list || list->id != id)
      throw_error("InvalidPrefixListID.NotFound", fmt::format("The prefix list ID '{}' does not exist", id));
  PrefixListPage page;
  for (const PrefixListFacts& list : prefix_lists_of(call.region, call.plane.config.public_cidr)) {
    if (!query.ids.empty() && std::ranges::find(query.ids, list.id) == query.ids.end()) continue;
    if (matches_filters(query.filters, fields, list, [] { return TagMap{}; }))
      page.rows.emplace_back(list.id, list);
  }
  std::ranges::sort(page.rows, {}, [](const auto& row) { return row.first; });
  page.next_token = take_page(page.rows, query.paging);
  return page;
}

}  // namespace landfall::ec2
