// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLoadBalancerTargetGroups.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeLoadBalancerTargetGroupsResponse DescribeLoadBalancerTargetGroups(
    Call& call, const DescribeLoadBalancerTargetGroupsRequest& in) {
  DescribeLoadBalancerTargetGroupsResponse out;
  for (const std::string& arn : find_group(call, *in.AutoScalingGroupName).shown.TargetGroupARNs)
    out.LoadBalancerTargetGroups.push_back({.LoadBalancerTargetGroupARN = arn, .State = "InService"});
  return out;
}

}  // namespace landfall::autoscaling
