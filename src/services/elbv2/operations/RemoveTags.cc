// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RemoveTags.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

RemoveTagsOutput RemoveTags(Call& call, const RemoveTagsInput& in) {
  for (const std::string& arn : in.ResourceArns)
    change_tags(call, arn, [&](Tags& tags) {
      for (const std::string& key : in.TagKeys) tags.erase(key);
    });
  return {};
}

}  // namespace landfall::elbv2
