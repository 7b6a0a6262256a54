// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/traffic_sources.h"

namespace landfall::autoscaling {

AttachLoadBalancerTargetGroupsResultType AttachLoadBalancerTargetGroups(
    Call& call, const AttachLoadBalancerTargetGroupsType& in) {
  attach_target_groups(call, *in.AutoScalingGroupName, in.TargetGroupARNs);
  return {};
}

}  // namespace landfall::autoscaling
