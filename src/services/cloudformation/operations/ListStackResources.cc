// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

ListStackResourcesOutput ListStackResources(Call& call, const ListStackResourcesInput& in) {
  const FoundStack found = find_stack(call, *in.StackName);
  const auto [first, last] = page(in.NextToken, found.record.resources.size());
  ListStackResourcesOutput out;
  size_t index = 0;
  for (const auto& [id, resource] : found.record.resources) {
    if (index >= first && index < last) {
      StackResourceSummary summary{.LogicalResourceId = id,
                                   .PhysicalResourceId = resource.physical_id,
                                   .ResourceType = resource.type,
                                   .LastUpdatedTimestamp = resource.updated,
                                   .ResourceStatus = resource.status};
      if (!resource.status_reason.empty()) summary.ResourceStatusReason = resource.status_reason;
      out.StackResourceSummaries.push_back(std::move(summary));
    }
    ++index;
  }
  if (last < found.record.resources.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
