// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachLoadBalancerTargetGroups.html
#include "autoscaling/operations.h"
#include "elbv2/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DetachLoadBalancerTargetGroupsResultType DetachLoadBalancerTargetGroups(
    Call& call, const DetachLoadBalancerTargetGroupsType& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  Call service = call.as_service("autoscaling.amazonaws.com");
  for (const std::string& arn : in.TargetGroupARNs) {
    if (std::erase(record.shown.TargetGroupARNs, arn) == 0) continue;
    for (const Member& member : record.members)
      elbv2::DeregisterTargets(service,
                               {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
  }
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
