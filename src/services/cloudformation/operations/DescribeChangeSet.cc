// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
#include "cloudformation/operations.h"
#include "services/cloudformation/change_sets.h"

namespace landfall::cloudformation {

DescribeChangeSetOutput DescribeChangeSet(Call& call, const DescribeChangeSetInput& in) {
  const ChangeSetRecord record = find_change_set(call, *in.ChangeSetName, in.StackName).record;
  DescribeChangeSetOutput out{.ChangeSetName = record.name,
                              .ChangeSetId = record.change_set_id,
                              .StackId = record.stack_id,
                              .StackName = record.stack_name};
  if (!record.description.empty()) out.Description = record.description;
  out.Parameters = shown_parameters(record.source);
  out.CreationTime = record.created;
  out.ExecutionStatus = record.execution_status;
  out.Status = record.status;
  if (!record.status_reason.empty()) out.StatusReason = record.status_reason;
  out.Capabilities = record.capabilities;
  for (const StackTag& tag : record.tags) out.Tags.push_back({.Key = tag.key, .Value = tag.value});
  const auto [first, last] = page(in.NextToken, record.changes.size());
  for (size_t i = first; i < last; ++i) {
    const auto& change = record.changes[i];
    ResourceChange resource{
        .Action = change.action, .LogicalResourceId = change.logical_id, .ResourceType = change.type};
    if (!change.physical_id.empty()) resource.PhysicalResourceId = change.physical_id;
    if (!change.replacement.empty()) resource.Replacement = change.replacement;
    if (change.action == "Modify") resource.Scope = {"Properties"};
    out.Changes.push_back({.Type = "Resource", .ResourceChange = std::move(resource)});
  }
  if (last < record.changes.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
