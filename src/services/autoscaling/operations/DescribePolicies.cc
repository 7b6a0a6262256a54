// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribePolicies.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

PoliciesType DescribePolicies(Call& call, const DescribePoliciesType& in) {
  PoliciesType out;
  call.rows(kPolicies).each([&](std::string_view, const PolicyRecord& record) {
    const ScalingPolicy& policy = record.shown;
    if (in.AutoScalingGroupName && policy.AutoScalingGroupName != in.AutoScalingGroupName) return;
    const auto named = [&](const std::string& name) {
      return name == policy.PolicyName || name == policy.PolicyARN;
    };
    if (!in.PolicyNames.empty() && std::ranges::none_of(in.PolicyNames, named)) return;
    if (!in.PolicyTypes.empty() &&
        std::ranges::find(in.PolicyTypes, *policy.PolicyType) == in.PolicyTypes.end())
      return;
    out.ScalingPolicies.push_back(policy);
  });
  return out;
}

}  // namespace landfall::autoscaling
