// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancerAttributes.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeLoadBalancerAttributesOutput DescribeLoadBalancerAttributes(
    Call& call, const DescribeLoadBalancerAttributesInput& in) {
  const LoadBalancerRecord record = find_load_balancer(call, *in.LoadBalancerArn);
  DescribeLoadBalancerAttributesOutput out;
  for (const auto& [key, value] : default_load_balancer_attributes())
    out.Attributes.push_back(
        {.Key = key, .Value = attribute(record.attributes, default_load_balancer_attributes(), key)});
  return out;
}

}  // namespace landfall::elbv2
