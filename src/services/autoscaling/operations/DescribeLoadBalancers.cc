// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLoadBalancers.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

// There are no Classic Load Balancers: no group has any.
DescribeLoadBalancersResponse DescribeLoadBalancers(Call& call, const DescribeLoadBalancersRequest& in) {
  find_group(call, *in.AutoScalingGroupName);
  return {};
}

}  // namespace landfall::autoscaling
