// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeTargetGroupAttributesOutput DescribeTargetGroupAttributes(
    Call& call, const DescribeTargetGroupAttributesInput& in) {
  const TargetGroupRecord record = find_target_group(call, *in.TargetGroupArn);
  DescribeTargetGroupAttributesOutput out;
  for (const auto& [key, value] : default_target_group_attributes())
    out.Attributes.push_back(
        {.Key = key, .Value = attribute(record.attributes, default_target_group_attributes(), key)});
  return out;
}

}  // namespace landfall::elbv2
