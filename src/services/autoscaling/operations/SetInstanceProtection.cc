// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

SetInstanceProtectionAnswer SetInstanceProtection(Call& call, const SetInstanceProtectionQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  for (const std::string& id : in.InstanceIds)
    find_member(record, id).shown.ProtectedFromScaleIn = in.ProtectedFromScaleIn;
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
