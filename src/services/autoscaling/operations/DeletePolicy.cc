// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeletePolicy.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/scaling.h"

namespace landfall::autoscaling {

aws::Empty DeletePolicy(Call& call, const DeletePolicyType& in) {
  erase_policy(call, find_policy(call, *in.PolicyName, in.AutoScalingGroupName));
  return {};
}

}  // namespace landfall::autoscaling
