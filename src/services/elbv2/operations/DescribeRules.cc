// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeRulesOutput DescribeRules(Call& call, const DescribeRulesInput& in) {
  DescribeRulesOutput out;
  if (in.ListenerArn) {
    find_listener(call, *in.ListenerArn);
    for (const RuleRecord& record : rules_of(call, *in.ListenerArn)) out.Rules.push_back(record.shown);
    return out;
  }
  if (in.RuleArns.empty())
    throw ServiceError("ValidationError", 400,
                       "You must specify either listener rule ARNs or a listener ARN");
  for (const std::string& arn : in.RuleArns) out.Rules.push_back(find_rule(call, arn).shown);
  return out;
}

}  // namespace landfall::elbv2
