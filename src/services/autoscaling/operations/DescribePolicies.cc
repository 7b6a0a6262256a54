// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribePolicies.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/scaling.h"

namespace landfall::autoscaling {

PoliciesType DescribePolicies(Call& call, const DescribePoliciesType& in) {
  PoliciesType out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  for (const auto& [id, record] : call.rows(kPolicies).all()) {  // the token is the last one's id
    const ScalingPolicy& policy = record->shown;
    if (in.NextToken && id <= *in.NextToken) continue;
    if (in.AutoScalingGroupName && policy.AutoScalingGroupName != in.AutoScalingGroupName) continue;
    const auto named = [&](const std::string& name) {
      return name == policy.PolicyName || name == policy.PolicyARN;
    };
    if (!in.PolicyNames.empty() && std::ranges::none_of(in.PolicyNames, named)) continue;
    if (!in.PolicyTypes.empty() &&
        std::ranges::find(in.PolicyTypes, *policy.PolicyType) == in.PolicyTypes.end())
      continue;
    if (out.ScalingPolicies.size() == limit) {
      const ScalingPolicy& last = out.ScalingPolicies.back();
      out.NextToken = *last.AutoScalingGroupName + "/" + *last.PolicyName;
      break;
    }
    out.ScalingPolicies.push_back(shown(call, *record));
  }
  return out;
}

}  // namespace landfall::autoscaling
