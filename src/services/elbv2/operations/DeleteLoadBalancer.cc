// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
#include "base/ascii.h"
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"
#include "services/route53/snapshot.h"

namespace landfall::elbv2 {

DeleteLoadBalancerOutput DeleteLoadBalancer(Call& call, const DeleteLoadBalancerInput& in) {
  const auto stored = call.rows(kLoadBalancers).get(*in.LoadBalancerArn);
  if (!stored) return {};  // idempotent, as ELB has it
  if (attribute(stored->attributes, default_load_balancer_attributes(), "deletion_protection.enabled") ==
      "true")
    throw OperationNotPermittedException("Load balancer '" + *in.LoadBalancerArn +
                                         "' cannot be deleted because deletion protection is enabled");
  for (const ListenerRecord& listener : listeners_of(call, *in.LoadBalancerArn))
    DeleteListener(call, {.ListenerArn = listener.shown.ListenerArn});
  for (const NodeRecord& node : stored->nodes) release_node(call, node);
  const std::string name = ascii_lower(*stored->shown.DNSName);
  unpublish(call.txn, route53::kNameSnapshotKind, name);
  call.rows(kLoadBalancers).erase(*in.LoadBalancerArn);
  unpublish(call.txn, kLoadBalancerSnapshotKind, *in.LoadBalancerArn);
  return {};
}

}  // namespace landfall::elbv2
