// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ListTagsForResource.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/tags.h"

namespace landfall::elasticache {

TagListMessage ListTagsForResource(Call& call, const ListTagsForResourceMessage& in) {
  return {.TagList = shown_tags(change_tags(call, *in.ResourceName, [](Tags&) {}))};
}

}  // namespace landfall::elasticache
