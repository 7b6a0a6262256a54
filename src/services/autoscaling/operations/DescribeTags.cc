// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

TagsType DescribeTags(Call& call, const DescribeTagsType& in) {
  TagsType out;
  call.rows(kGroups).each([&](std::string_view name, const GroupRecord& record) {
    for (const TagDescription& tag : record.shown.Tags) {
      bool wanted = true;
      for (const Filter& filter : in.Filters) {
        const std::string value = filter.Name == "auto-scaling-group"     ? std::string(name)
                                  : filter.Name == "key"                  ? tag.Key.value_or("")
                                  : filter.Name == "value"                ? tag.Value.value_or("")
                                  : tag.PropagateAtLaunch.value_or(false) ? "true"
                                                                          : "false";
        wanted = wanted && std::ranges::find(filter.Values, value) != filter.Values.end();
      }
      if (wanted) out.Tags.push_back(tag);
    }
  });
  return out;
}

}  // namespace landfall::autoscaling
