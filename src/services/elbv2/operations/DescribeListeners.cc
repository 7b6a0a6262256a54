// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeListenersOutput DescribeListeners(Call& call, const DescribeListenersInput& in) {
  std::vector<ListenerRecord> records;
  if (in.LoadBalancerArn) {
    find_load_balancer(call, *in.LoadBalancerArn);
    records = listeners_of(call, *in.LoadBalancerArn);
  } else if (in.ListenerArns.empty()) {
    throw ServiceError("ValidationError", 400,
                       "You must specify either listener ARNs or a load balancer ARN");
  }
  for (const std::string& arn : in.ListenerArns) records.push_back(find_listener(call, arn));
  std::vector<Listener> all;
  for (const ListenerRecord& record : records) all.push_back(record.shown);
  DescribeListenersOutput out;
  out.Listeners = page_of(in, out, std::move(all), [](const Listener& one) { return *one.ListenerArn; });
  return out;
}

}  // namespace landfall::elbv2
