// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/refresh.h"

namespace landfall::autoscaling {

DescribeInstanceRefreshesAnswer DescribeInstanceRefreshes(Call& call,
                                                          const DescribeInstanceRefreshesType& in) {
  find_group(call, *in.AutoScalingGroupName);
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  DescribeInstanceRefreshesAnswer out;
  bool past = !in.NextToken;  // the token is the last one's id
  for (InstanceRefresh& one : refreshes_of(call, *in.AutoScalingGroupName)) {
    const auto& wanted = in.InstanceRefreshIds;
    if (!wanted.empty() && std::ranges::find(wanted, *one.InstanceRefreshId) == wanted.end()) continue;
    if (past && out.InstanceRefreshes.size() == limit) {
      out.NextToken = out.InstanceRefreshes.back().InstanceRefreshId;
      break;
    }
    const bool is_last = one.InstanceRefreshId == in.NextToken;
    if (past) out.InstanceRefreshes.push_back(std::move(one));
    past = past || is_last;
  }
  return out;
}

}  // namespace landfall::autoscaling
