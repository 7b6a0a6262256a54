// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
#include <algorithm>

#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

ListStacksOutput ListStacks(Call& call, const ListStacksInput& in) {
  std::vector<std::shared_ptr<const StackRecord>> wanted;
  for (auto& [uuid, record] : call.rows(kStacks).all())
    if (in.StackStatusFilter.empty() ||
        std::ranges::find(in.StackStatusFilter, record->status) != in.StackStatusFilter.end())
      wanted.push_back(record);
  const auto [first, last] = page(in.NextToken, wanted.size());
  ListStacksOutput out;
  for (size_t i = first; i < last; ++i) {
    const StackRecord& record = *wanted[i];
    StackSummary summary{.StackId = record.stack_id,
                         .StackName = record.name,
                         .CreationTime = record.created,
                         .LastUpdatedTime = record.updated,
                         .DeletionTime = record.deleted,
                         .StackStatus = record.status};
    if (!record.description.empty()) summary.TemplateDescription = record.description;
    if (!record.status_reason.empty()) summary.StackStatusReason = record.status_reason;
    summary.DriftInformation = StackDriftInformationSummary{.StackDriftStatus = "NOT_CHECKED"};
    out.StackSummaries.push_back(std::move(summary));
  }
  if (last < wanted.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
