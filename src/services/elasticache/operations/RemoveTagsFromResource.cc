// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_RemoveTagsFromResource.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/tags.h"

namespace landfall::elasticache {

TagListMessage RemoveTagsFromResource(Call& call, const RemoveTagsFromResourceMessage& in) {
  const Tags tags = change_tags(call, *in.ResourceName, [&](Tags& now) {
    for (const std::string& key : in.TagKeys) now.erase(key);
  });
  return {.TagList = shown_tags(tags)};
}

}  // namespace landfall::elasticache
