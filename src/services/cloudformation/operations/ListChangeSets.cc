// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html
#include "cloudformation/operations.h"
#include "services/cloudformation/change_sets.h"

namespace landfall::cloudformation {

ListChangeSetsOutput ListChangeSets(Call& call, const ListChangeSetsInput& in) {
  const FoundStack stack = find_stack(call, *in.StackName);
  std::vector<ChangeSetSummary> all;
  call.rows(kChangeSets).each([&](std::string_view, const ChangeSetRecord& record) {
    if (record.stack_id != stack.record.stack_id) return;
    all.push_back({.StackId = record.stack_id,
                   .StackName = record.stack_name,
                   .ChangeSetId = record.change_set_id,
                   .ChangeSetName = record.name,
                   .ExecutionStatus = record.execution_status,
                   .Status = record.status,
                   .StatusReason = record.status_reason,
                   .CreationTime = record.created});
  });
  const auto [first, last] = page(in.NextToken, all.size());
  ListChangeSetsOutput out;
  out.Summaries.assign(all.begin() + static_cast<long>(first), all.begin() + static_cast<long>(last));
  if (last < all.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
