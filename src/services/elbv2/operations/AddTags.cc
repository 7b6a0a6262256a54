// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

AddTagsOutput AddTags(Call& call, const AddTagsInput& in) {
  const Tags added = tag_map(in.Tags);
  for (const std::string& arn : in.ResourceArns)
    change_tags(call, arn, [&](Tags& tags) {
      for (const auto& [key, value] : added) tags[key] = value;
    });
  return {};
}

}  // namespace landfall::elbv2
