// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

DescribeStacksOutput DescribeStacks(Call& call, const DescribeStacksInput& in) {
  if (in.StackName) return {.Stacks = {shown(find_stack(call, *in.StackName).record)}};
  std::vector<std::shared_ptr<const StackRecord>> live;
  for (auto& [uuid, record] : call.rows(kStacks).all())
    if (record->status != "DELETE_COMPLETE") live.push_back(record);
  const auto [first, last] = page(in.NextToken, live.size());
  DescribeStacksOutput out;
  for (size_t i = first; i < last; ++i) out.Stacks.push_back(shown(*live[i]));
  if (last < live.size()) out.NextToken = std::to_string(last);
  return out;
}

}  // namespace landfall::cloudformation
