// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachLoadBalancerTargetGroups.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "elbv2/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

AttachLoadBalancerTargetGroupsResultType AttachLoadBalancerTargetGroups(
    Call& call, const AttachLoadBalancerTargetGroupsType& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  Call service = call.as_service("autoscaling.amazonaws.com");
  for (const std::string& arn : in.TargetGroupARNs) {
    if (std::ranges::find(record.shown.TargetGroupARNs, arn) != record.shown.TargetGroupARNs.end()) continue;
    record.shown.TargetGroupARNs.push_back(arn);
    for (const Member& member : record.members)
      if (member.shown.LifecycleState == "InService")
        elbv2::RegisterTargets(service,
                               {.TargetGroupArn = arn, .Targets = {{.Id = member.shown.InstanceId}}});
  }
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
