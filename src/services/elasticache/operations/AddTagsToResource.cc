// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_AddTagsToResource.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/tags.h"

namespace landfall::elasticache {

TagListMessage AddTagsToResource(Call& call, const AddTagsToResourceMessage& in) {
  const Tags tags = change_tags(call, *in.ResourceName, [&](Tags& now) {
    for (const auto& [key, value] : tag_map(in.Tags)) now[key] = value;
  });
  return {.TagList = shown_tags(tags)};
}

}  // namespace landfall::elasticache
