#include "ec2/operations.h"
#include "services/ec2/prefix_list_rows.h"

namespace landfall::ec2 {

DescribeManagedPrefixListsResult DescribeManagedPrefixLists(Call& call,
                                                            const DescribeManagedPrefixListsRequest& in) {
  auto fields = prefix_list_fields();
  fields["owner-id"] = [](const PrefixListFacts&, Values& out) { out.push_back("AWS"); };
  const auto page =
      page_of_prefix_lists(call, Query{in.PrefixListIds, in.Filters, {in.MaxResults, in.NextToken}}, fields);
  DescribeManagedPrefixListsResult out;
  out.NextToken = page.next_token;
  for (const auto& [id, list] : page.rows) {
    ManagedPrefixList& shown = out.PrefixLists.emplace_back();
    shown.PrefixListId = list.id;
    shown.PrefixListName = list.name;
    shown.AddressFamily = "IPv4";
    shown.State = "create-complete";
    shown.PrefixListArn =
        fmt::format("arn:{}:ec2:{}:aws:prefix-list/{}", call.partition(), call.region, list.id);
    shown.OwnerId = "AWS";
  }
  return out;
}

}  // namespace landfall::ec2
