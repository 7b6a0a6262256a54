#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/prefix_lists.h"

namespace landfall::ec2 {

GetManagedPrefixListEntriesResult GetManagedPrefixListEntries(Call& call,
                                                              const GetManagedPrefixListEntriesRequest& in) {
  const std::string id = in.PrefixListId.value_or("");
  const auto list = find_prefix_list(call.region, call.plane.config.public_cidr, id);
  if (!list || list->id != id)
    throw_error("InvalidPrefixListID.NotFound", fmt::format("The prefix list ID '{}' does not exist", id));
  GetManagedPrefixListEntriesResult out;
  for (const std::string& cidr : list->cidrs) out.Entries.emplace_back().Cidr = cidr;
  return out;
}

}  // namespace landfall::ec2
