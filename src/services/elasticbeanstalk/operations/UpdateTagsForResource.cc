// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateTagsForResource.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

aws::Empty UpdateTagsForResource(Call& call, const UpdateTagsForResourceMessage& in) {
  constexpr size_t kMaxTags = 50;
  change_tags(call, *in.ResourceArn, [&](Tags& tags) {
    for (const std::string& key : in.TagsToRemove) tags.erase(key);
    for (const auto& [key, value] : tag_map(in.TagsToAdd)) tags[key] = value;
    if (tags.size() > kMaxTags)
      throw TooManyTagsException("The number of tags in the resource would exceed the maximum of 50.");
  });
  return {};
}

}  // namespace landfall::elasticbeanstalk
