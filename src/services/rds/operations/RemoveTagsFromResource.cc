// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RemoveTagsFromResource.html
#include "rds/operations.h"
#include "services/rds/tags.h"

namespace landfall::rds {

aws::Empty RemoveTagsFromResource(Call& call, const RemoveTagsFromResourceMessage& in) {
  change_tags(call, *in.ResourceName, [&](std::map<std::string, std::string>& tags) {
    for (const std::string& key : in.TagKeys) tags.erase(key);
  });
  return {};
}

}  // namespace landfall::rds
