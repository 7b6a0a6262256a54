// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLoadBalancerTargetGroups.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeLoadBalancerTargetGroupsResponse DescribeLoadBalancerTargetGroups(
    Call& call, const DescribeLoadBalancerTargetGroupsRequest& in) {
  DescribeLoadBalancerTargetGroupsResponse out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  bool past = !in.NextToken;  // the token is the last one's ARN
  for (const std::string& arn : find_group(call, *in.AutoScalingGroupName).shown.TargetGroupARNs) {
    if (past && out.LoadBalancerTargetGroups.size() == limit) {
      out.NextToken = out.LoadBalancerTargetGroups.back().LoadBalancerTargetGroupARN;
      break;
    }
    if (past)
      out.LoadBalancerTargetGroups.push_back({.LoadBalancerTargetGroupARN = arn, .State = "InService"});
    past = past || arn == *in.NextToken;
  }
  return out;
}

}  // namespace landfall::autoscaling
