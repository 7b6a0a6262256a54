// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html
#include "rds/operations.h"
#include "services/rds/tags.h"

namespace landfall::rds {

aws::Empty AddTagsToResource(Call& call, const AddTagsToResourceMessage& in) {
  change_tags(call, *in.ResourceName, [&](std::map<std::string, std::string>& tags) {
    for (const auto& [key, value] : tag_map(in.Tags)) tags[key] = value;
  });
  return {};
}

}  // namespace landfall::rds
