// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

DescribeStackResourceOutput DescribeStackResource(Call& call, const DescribeStackResourceInput& in) {
  const FoundStack found = find_stack(call, *in.StackName);
  auto it = found.record.resources.find(*in.LogicalResourceId);
  if (it == found.record.resources.end())
    throw ServiceError(
        "ValidationError", 400,
        "Resource " + *in.LogicalResourceId + " does not exist for stack " + found.record.name);
  const ResourceRecord& resource = it->second;
  StackResourceDetail detail{.StackName = found.record.name,
                             .StackId = found.record.stack_id,
                             .LogicalResourceId = resource.logical_id,
                             .PhysicalResourceId = resource.physical_id,
                             .ResourceType = resource.type,
                             .LastUpdatedTimestamp = resource.updated,
                             .ResourceStatus = resource.status};
  if (!resource.status_reason.empty()) detail.ResourceStatusReason = resource.status_reason;
  return {.StackResourceDetail = std::move(detail)};
}

}  // namespace landfall::cloudformation
