// What DescribePrefixLists and DescribeManagedPrefixLists share: which lists, a page of them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/ec2/describe.h"
#include "services/ec2/prefix_lists.h"

namespace landfall::ec2 {

struct PrefixListPage {
  std::vector<std::pair<std::string, PrefixListFacts>> rows;
  std::optional<std::string> next_token;
};

inline FilterFields<PrefixListFacts> prefix_list_fields() {
  return {{"prefix-list-id", [](const PrefixListFacts& l, Values& out) { out.push_back(l.id); }},
          {"prefix-list-name", [](const PrefixListFacts& l, Values& out) { out.push_back(l.name); }}};
}

// The region's lists, by their ids and filters; throws InvalidPrefixListID.NotFound.
PrefixListPage page_of_prefix_lists(const Call& call, const Query& query,
                                    const FilterFields<PrefixListFacts>& fields);

}  // namespace landfall::ec2
