// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListenerAttributes.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeListenerAttributesOutput DescribeListenerAttributes(Call& call,
                                                            const DescribeListenerAttributesInput& in) {
  const ListenerRecord record = find_listener(call, *in.ListenerArn);
  const Attributes& defaults = default_listener_attributes(*record.shown.Protocol == "HTTPS");
  DescribeListenerAttributesOutput out;
  for (const auto& [key, value] : defaults)
    out.Attributes.push_back({.Key = key, .Value = attribute(record.attributes, defaults, key)});
  return out;
}

}  // namespace landfall::elbv2
