// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeTagsOutput DescribeTags(Call& call, const DescribeTagsInput& in) {
  DescribeTagsOutput out;
  for (const std::string& arn : in.ResourceArns) {
    TagDescription description{.ResourceArn = arn};
    change_tags(call, arn, [&](Tags& tags) {
      for (const auto& [key, value] : tags) description.Tags.push_back({.Key = key, .Value = value});
    });
    out.TagDescriptions.push_back(std::move(description));
  }
  return out;
}

}  // namespace landfall::elbv2
