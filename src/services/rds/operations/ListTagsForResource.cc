// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ListTagsForResource.html
#include "rds/operations.h"
#include "services/rds/tags.h"

namespace landfall::rds {

TagListMessage ListTagsForResource(Call& call, const ListTagsForResourceMessage& in) {
  TagListMessage out;
  change_tags(call, *in.ResourceName,
              [&](std::map<std::string, std::string>& tags) { out.TagList = shown_tags(tags); });
  return out;
}

}  // namespace landfall::rds
