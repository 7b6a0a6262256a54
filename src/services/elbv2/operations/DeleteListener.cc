// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteListener.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/acm/acm.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DeleteListenerOutput DeleteListener(Call& call, const DeleteListenerInput& in) {
  const ListenerRecord record = find_listener(call, *in.ListenerArn);
  for (const Certificate& one : record.shown.Certificates)
    acm::detach(call, *one.CertificateArn, *in.ListenerArn);
  for (const std::string& arn : record.more_certificates) acm::detach(call, arn, *in.ListenerArn);
  for (const RuleRecord& rule : rules_of(call, *in.ListenerArn)) call.rows(kRules).erase(*rule.shown.RuleArn);
  call.rows(kListeners).erase(*in.ListenerArn);
  sync_load_balancer(call, *record.shown.LoadBalancerArn);
  return {};
}

}  // namespace landfall::elbv2
