// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_ListTagsForResource.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ResourceTagsDescriptionMessage ListTagsForResource(Call& call, const ListTagsForResourceMessage& in) {
  ResourceTagsDescriptionMessage out{.ResourceArn = in.ResourceArn};
  change_tags(call, *in.ResourceArn, [&](Tags& tags) {
    for (const auto& [key, value] : tags) out.ResourceTags.push_back({.Key = key, .Value = value});
  });
  return out;
}

}  // namespace landfall::elasticbeanstalk
