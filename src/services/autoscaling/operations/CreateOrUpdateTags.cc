// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateOrUpdateTags.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty CreateOrUpdateTags(Call& call, const CreateOrUpdateTagsType& in) {
  for (const Tag& tag : in.Tags) {
    GroupRecord record = find_group(call, tag.ResourceId.value_or(""));
    put_tag(record.shown, tag);
    put_group(call, record);
  }
  return {};
}

}  // namespace landfall::autoscaling
