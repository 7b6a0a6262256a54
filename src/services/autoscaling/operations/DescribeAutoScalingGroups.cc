// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

AutoScalingGroupsType DescribeAutoScalingGroups(Call& call, const AutoScalingGroupNamesType& in) {
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(50));
  AutoScalingGroupsType out;
  for (auto& [name, record] : call.rows(kGroups).all()) {
    if (!in.AutoScalingGroupNames.empty() &&
        std::ranges::find(in.AutoScalingGroupNames, name) == in.AutoScalingGroupNames.end())
      continue;
    if (in.NextToken && name <= *in.NextToken) continue;
    if (out.AutoScalingGroups.size() == limit) {
      out.NextToken = *out.AutoScalingGroups.back().AutoScalingGroupName;
      break;
    }
    out.AutoScalingGroups.push_back(shown(*record));
  }
  return out;
}

}  // namespace landfall::autoscaling
