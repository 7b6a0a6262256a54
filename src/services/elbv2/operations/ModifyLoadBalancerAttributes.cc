// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyLoadBalancerAttributes.html
#include "elbv2/operations.h"
#include "services/elbv2/access_logs.h"
#include "services/elbv2/attributes.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

ModifyLoadBalancerAttributesOutput ModifyLoadBalancerAttributes(Call& call,
                                                                const ModifyLoadBalancerAttributesInput& in) {
  LoadBalancerRecord record = find_load_balancer(call, *in.LoadBalancerArn);
  bool changes_logs = false, changes_connection_logs = false;
  for (const LoadBalancerAttribute& one : in.Attributes) {
    check_attribute("Load balancer", default_load_balancer_attributes(), one.Key.value_or(""),
                    one.Value.value_or(""));
    record.attributes[*one.Key] = one.Value.value_or("");
    changes_logs |= one.Key->starts_with("access_logs.");
    changes_connection_logs |= one.Key->starts_with("connection_logs.");
  }
  if (changes_logs) check_access_logs(call, record);
  if (changes_connection_logs) check_connection_logs(call, record);
  call.rows(kLoadBalancers).put(*in.LoadBalancerArn, record);
  sync_load_balancer(call, *in.LoadBalancerArn);
  ModifyLoadBalancerAttributesOutput out;
  for (const auto& [key, value] : record.attributes) out.Attributes.push_back({.Key = key, .Value = value});
  return out;
}

}  // namespace landfall::elbv2
