// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteRule.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DeleteRuleOutput DeleteRule(Call& call, const DeleteRuleInput& in) {
  const RuleRecord record = find_rule(call, *in.RuleArn);
  if (record.shown.IsDefault.value_or(false))
    throw OperationNotPermittedException("Default rule '" + *in.RuleArn + "' cannot be deleted");
  call.rows(kRules).erase(*in.RuleArn);
  sync_load_balancer(call, *find_listener(call, record.listener_arn).shown.LoadBalancerArn);
  return {};
}

}  // namespace landfall::elbv2
