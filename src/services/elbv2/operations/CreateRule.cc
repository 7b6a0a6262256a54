// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

CreateRuleOutput CreateRule(Call& call, const CreateRuleInput& in) {
  const ListenerRecord listener = find_listener(call, *in.ListenerArn);
  const auto rules = rules_of(call, *in.ListenerArn);
  for (const RuleRecord& other : rules)
    if (other.shown.Priority == std::to_string(*in.Priority))
      throw PriorityInUseException("Priority '" + std::to_string(*in.Priority) + "' is currently in use");
  if (rules.size() > kMaxRulesPerLoadBalancer)
    throw TooManyRulesException("You've reached the limit on the number of rules per load balancer");
  if (in.Conditions.empty()) throw ServiceError("ValidationError", 400, "A condition must be specified");
  check_actions(call, in.Actions);
  RuleRecord record{.listener_arn = *in.ListenerArn, .tags = tag_map(in.Tags)};
  record.shown = {
      .RuleArn = call.arn(
          "elasticloadbalancing",
          "listener-rule/" + in.ListenerArn->substr(in.ListenerArn->find("/app/") + 1) + "/" + new_id(call)),
      .Priority = std::to_string(*in.Priority),
      .Conditions = normalized(in.Conditions),
      .Actions = normalized(in.Actions),
      .IsDefault = false};
  call.rows(kRules).put(*record.shown.RuleArn, record);
  sync_load_balancer(call, *listener.shown.LoadBalancerArn);
  return {.Rules = {record.shown}};
}

}  // namespace landfall::elbv2
