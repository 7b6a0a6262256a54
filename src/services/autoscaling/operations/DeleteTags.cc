// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteTags.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty DeleteTags(Call& call, const DeleteTagsType& in) {
  for (const Tag& tag : in.Tags) {
    GroupRecord record = find_group(call, tag.ResourceId.value_or(""));
    std::erase_if(record.shown.Tags, [&](const TagDescription& old) { return old.Key == tag.Key; });
    put_group(call, record);
  }
  return {};
}

}  // namespace landfall::autoscaling
