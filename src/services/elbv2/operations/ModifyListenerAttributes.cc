// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListenerAttributes.html
#include "elbv2/operations.h"
#include "services/elbv2/attributes.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

ModifyListenerAttributesOutput ModifyListenerAttributes(Call& call, const ModifyListenerAttributesInput& in) {
  ListenerRecord record = find_listener(call, *in.ListenerArn);
  const Attributes& defaults = default_listener_attributes(*record.shown.Protocol == "HTTPS");
  for (const ListenerAttribute& one : in.Attributes) {
    check_attribute("Listener", defaults, one.Key.value_or(""), one.Value.value_or(""));
    record.attributes[*one.Key] = one.Value.value_or("");
  }
  call.rows(kListeners).put(*in.ListenerArn, record);
  sync_load_balancer(call, *record.shown.LoadBalancerArn);
  ModifyListenerAttributesOutput out;
  for (const auto& [key, value] : record.attributes) out.Attributes.push_back({.Key = key, .Value = value});
  return out;
}

}  // namespace landfall::elbv2
