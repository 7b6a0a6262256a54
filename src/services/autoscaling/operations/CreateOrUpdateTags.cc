// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateOrUpdateTags.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty CreateOrUpdateTags(Call& call, const CreateOrUpdateTagsType& in) {
  for (const Tag& tag : in.Tags) {
    GroupRecord record = find_group(call, tag.ResourceId.value_or(""));
    std::erase_if(record.shown.Tags, [&](const TagDescription& old) { return old.Key == tag.Key; });
    record.shown.Tags.push_back({.ResourceId = tag.ResourceId,
                                 .ResourceType = "auto-scaling-group",
                                 .Key = tag.Key,
                                 .Value = tag.Value,
                                 .PropagateAtLaunch = tag.PropagateAtLaunch.value_or(false)});
    put_group(call, record);
  }
  return {};
}

}  // namespace landfall::autoscaling
