// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
#include <algorithm>
#include <set>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeLoadBalancersOutput DescribeLoadBalancers(Call& call, const DescribeLoadBalancersInput& in) {
  DescribeLoadBalancersOutput out;
  std::set<std::string> missing(in.LoadBalancerArns.begin(), in.LoadBalancerArns.end());
  missing.insert(in.Names.begin(), in.Names.end());
  const auto limit = static_cast<size_t>(in.PageSize.value_or(400));
  for (auto& [arn, record] : call.rows(kLoadBalancers).all()) {
    if (!in.LoadBalancerArns.empty() &&
        std::ranges::find(in.LoadBalancerArns, arn) == in.LoadBalancerArns.end())
      continue;
    if (!in.Names.empty() && std::ranges::find(in.Names, *record->shown.LoadBalancerName) == in.Names.end())
      continue;
    missing.erase(arn);
    missing.erase(*record->shown.LoadBalancerName);
    if (in.Marker && arn <= *in.Marker) continue;
    if (out.LoadBalancers.size() == limit) {
      out.NextMarker = *out.LoadBalancers.back().LoadBalancerArn;
      break;
    }
    out.LoadBalancers.push_back(shown(*record));
  }
  if (!missing.empty() && !out.NextMarker)
    throw LoadBalancerNotFoundException(in.Names.empty()
                                            ? "One or more load balancers not found"
                                            : "Load balancers '[" + *missing.begin() + "]' not found");
  return out;
}

}  // namespace landfall::elbv2
