// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetRulePriorities.html
#include <set>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

SetRulePrioritiesOutput SetRulePriorities(Call& call, const SetRulePrioritiesInput& in) {
  SetRulePrioritiesOutput out;
  std::set<std::string> listeners, moved;
  for (const RulePriorityPair& pair : in.RulePriorities) moved.insert(pair.RuleArn.value_or(""));
  for (const RulePriorityPair& pair : in.RulePriorities) {
    RuleRecord record = find_rule(call, pair.RuleArn.value_or(""));
    if (record.shown.IsDefault.value_or(false))
      throw OperationNotPermittedException("The priority of the default rule cannot be set");
    const std::string priority = std::to_string(pair.Priority.value_or(0));
    for (const RuleRecord& other : rules_of(call, record.listener_arn))
      if (other.shown.Priority == priority && !moved.contains(*other.shown.RuleArn))
        throw PriorityInUseException("Priority '" + priority + "' is currently in use");
    record.shown.Priority = priority;
    call.rows(kRules).put(*record.shown.RuleArn, record);
    listeners.insert(record.listener_arn);
    out.Rules.push_back(record.shown);
  }
  for (const std::string& arn : listeners)
    sync_load_balancer(call, *find_listener(call, arn).shown.LoadBalancerArn);
  return out;
}

}  // namespace landfall::elbv2
