// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

ModifyRuleOutput ModifyRule(Call& call, const ModifyRuleInput& in) {
  RuleRecord record = find_rule(call, *in.RuleArn);
  if (record.shown.IsDefault.value_or(false))
    throw OperationNotPermittedException("Default rule '" + *in.RuleArn +
                                         "' cannot be modified: modify its listener");
  if (!in.Conditions.empty()) record.shown.Conditions = normalized(in.Conditions);
  if (!in.Actions.empty()) {
    check_actions(call, in.Actions);
    record.shown.Actions = normalized(in.Actions);
  }
  call.rows(kRules).put(*in.RuleArn, record);
  sync_load_balancer(call, *find_listener(call, record.listener_arn).shown.LoadBalancerArn);
  return {.Rules = {record.shown}};
}

}  // namespace landfall::elbv2
