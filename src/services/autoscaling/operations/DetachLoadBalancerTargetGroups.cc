// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachLoadBalancerTargetGroups.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/traffic_sources.h"

namespace landfall::autoscaling {

DetachLoadBalancerTargetGroupsResultType DetachLoadBalancerTargetGroups(
    Call& call, const DetachLoadBalancerTargetGroupsType& in) {
  detach_target_groups(call, *in.AutoScalingGroupName, in.TargetGroupARNs);
  return {};
}

}  // namespace landfall::autoscaling
