// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
#include <algorithm>
#include <set>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeTargetGroupsOutput DescribeTargetGroups(Call& call, const DescribeTargetGroupsInput& in) {
  DescribeTargetGroupsOutput out;
  std::set<std::string> missing(in.TargetGroupArns.begin(), in.TargetGroupArns.end());
  missing.insert(in.Names.begin(), in.Names.end());
  const auto limit = static_cast<size_t>(in.PageSize.value_or(400));
  for (auto& [arn, record] : call.rows(kTargetGroups).all()) {
    if (!in.TargetGroupArns.empty() && std::ranges::find(in.TargetGroupArns, arn) == in.TargetGroupArns.end())
      continue;
    if (!in.Names.empty() && std::ranges::find(in.Names, *record->shown.TargetGroupName) == in.Names.end())
      continue;
    TargetGroup group = shown(call, *record);
    if (in.LoadBalancerArn &&
        std::ranges::find(group.LoadBalancerArns, *in.LoadBalancerArn) == group.LoadBalancerArns.end())
      continue;
    missing.erase(arn);
    missing.erase(*group.TargetGroupName);
    if (in.Marker && arn <= *in.Marker) continue;
    if (out.TargetGroups.size() == limit) {
      out.NextMarker = *out.TargetGroups.back().TargetGroupArn;
      break;
    }
    out.TargetGroups.push_back(std::move(group));
  }
  if (in.LoadBalancerArn) find_load_balancer(call, *in.LoadBalancerArn);
  if (!missing.empty() && !out.NextMarker)
    throw TargetGroupNotFoundException("One or more target groups not found");
  return out;
}

}  // namespace landfall::elbv2
