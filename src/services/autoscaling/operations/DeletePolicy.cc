// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeletePolicy.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty DeletePolicy(Call& call, const DeletePolicyType& in) {
  std::string key;
  PolicyRecord record;
  call.rows(kPolicies).each([&](std::string_view id, const PolicyRecord& one) {
    if (one.shown.PolicyARN != in.PolicyName &&
        (one.shown.PolicyName != in.PolicyName || one.shown.AutoScalingGroupName != in.AutoScalingGroupName))
      return;
    key = id;
    record = one;
  });
  if (key.empty())
    throw ServiceError("ValidationError", 400,
                       "PolicyName not found - Policy '" + *in.PolicyName + "' not found");
  call.rows(kPolicies).erase(key);
  return {};
}

}  // namespace landfall::autoscaling
