// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeListenersOutput DescribeListeners(Call& call, const DescribeListenersInput& in) {
  DescribeListenersOutput out;
  if (in.LoadBalancerArn) {
    find_load_balancer(call, *in.LoadBalancerArn);
    for (const ListenerRecord& record : listeners_of(call, *in.LoadBalancerArn))
      out.Listeners.push_back(record.shown);
    return out;
  }
  if (in.ListenerArns.empty())
    throw ServiceError("ValidationError", 400,
                       "You must specify either listener ARNs or a load balancer ARN");
  for (const std::string& arn : in.ListenerArns) out.Listeners.push_back(find_listener(call, arn).shown);
  return out;
}

}  // namespace landfall::elbv2
