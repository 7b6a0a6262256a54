#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// Without tags: all of the user's own.
aws::Empty DeleteTags(Call& call, const DeleteTagsRequest& in) {
  for (const std::string& id : in.Resources) {
    std::vector<TagRemoval> removals;
    for (const Tag& tag : in.Tags) removals.push_back({tag.Key.value_or(""), tag.Value});
    if (in.Tags.empty()) {
      for (const auto& [key, value] : tags_of(call, id))
        if (!key.starts_with("aws:")) removals.push_back({key, std::nullopt});
    }
    remove_tags(call, id, removals);
    if (const auto instance = rows(call, kInstances).get(id)) publish_metadata(call, instance->vpc_id);
  }
  return {};
}

}  // namespace landfall::ec2
