// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeRulesOutput DescribeRules(Call& call, const DescribeRulesInput& in) {
  std::vector<RuleRecord> records;
  if (in.ListenerArn) {
    find_listener(call, *in.ListenerArn);
    records = rules_of(call, *in.ListenerArn);
  } else if (in.RuleArns.empty()) {
    throw ServiceError("ValidationError", 400,
                       "You must specify either listener rule ARNs or a listener ARN");
  }
  for (const std::string& arn : in.RuleArns) records.push_back(find_rule(call, arn));
  std::vector<Rule> all;
  for (const RuleRecord& record : records) all.push_back(record.shown);
  DescribeRulesOutput out;
  out.Rules = page_of(in, out, std::move(all), [](const Rule& one) { return *one.RuleArn; });
  return out;
}

}  // namespace landfall::elbv2
