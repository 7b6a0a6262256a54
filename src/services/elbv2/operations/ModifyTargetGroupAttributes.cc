// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroupAttributes.html
#include "elbv2/operations.h"
#include "services/elbv2/attributes.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

ModifyTargetGroupAttributesOutput ModifyTargetGroupAttributes(Call& call,
                                                              const ModifyTargetGroupAttributesInput& in) {
  TargetGroupRecord record = find_target_group(call, *in.TargetGroupArn);
  for (const TargetGroupAttribute& one : in.Attributes) {
    check_attribute("Target group", default_target_group_attributes(), one.Key.value_or(""),
                    one.Value.value_or(""));
    record.attributes[*one.Key] = one.Value.value_or("");
  }
  check_target_group_attributes(record.attributes);
  call.rows(kTargetGroups).put(*in.TargetGroupArn, record);
  sync_users_of(call, *in.TargetGroupArn);
  ModifyTargetGroupAttributesOutput out;
  for (const auto& [key, value] : record.attributes) out.Attributes.push_back({.Key = key, .Value = value});
  return out;
}

}  // namespace landfall::elbv2
