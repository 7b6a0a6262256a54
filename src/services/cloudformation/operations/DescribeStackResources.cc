// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

DescribeStackResourcesOutput DescribeStackResources(Call& call, const DescribeStackResourcesInput& in) {
  std::optional<FoundStack> found;
  if (in.StackName) {
    found = find_stack(call, *in.StackName);
  } else if (in.PhysicalResourceId) {
    call.rows(kStacks).each([&](std::string_view uuid, const StackRecord& record) {
      for (const auto& [id, resource] : record.resources)
        if (resource.physical_id == *in.PhysicalResourceId && record.status != "DELETE_COMPLETE")
          found = FoundStack{std::string(uuid), record};
    });
    if (!found)
      throw ServiceError("ValidationError", 400, "Stack for " + *in.PhysicalResourceId + " does not exist");
  } else {
    throw ServiceError("ValidationError", 400, "Either StackName or PhysicalResourceId must be specified");
  }
  DescribeStackResourcesOutput out;
  for (const auto& [id, resource] : found->record.resources) {
    if (in.LogicalResourceId && *in.LogicalResourceId != id) continue;
    StackResource shown_resource{.StackName = found->record.name,
                                 .StackId = found->record.stack_id,
                                 .LogicalResourceId = id,
                                 .PhysicalResourceId = resource.physical_id,
                                 .ResourceType = resource.type,
                                 .Timestamp = resource.updated,
                                 .ResourceStatus = resource.status};
    if (!resource.status_reason.empty()) shown_resource.ResourceStatusReason = resource.status_reason;
    out.StackResources.push_back(std::move(shown_resource));
  }
  return out;
}

}  // namespace landfall::cloudformation
