// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

namespace {

bool tag_matches(const Filter& filter, const std::string& group, const TagDescription& tag) {
  const std::string name = filter.Name.value_or("");
  std::string value;
  if (name == "auto-scaling-group") {
    value = group;
  } else if (name == "key") {
    value = tag.Key.value_or("");
  } else if (name == "value") {
    value = tag.Value.value_or("");
  } else if (name == "propagate-at-launch") {
    value = tag.PropagateAtLaunch.value_or(false) ? "true" : "false";
  } else {
    throw ServiceError(
        "ValidationError", 400,
        "Filter type " + name +
            " is not correct. Allowed Filter types are: auto-scaling-group key value propagate-at-launch");
  }
  return std::ranges::find(filter.Values, value) != filter.Values.end();
}

}  // namespace

TagsType DescribeTags(Call& call, const DescribeTagsType& in) {
  TagsType out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  for (const auto& [name, record] : call.rows(kGroups).all()) {
    for (const TagDescription& tag : record->shown.Tags) {  // the token is the last one's "group/key"
      if (in.NextToken && name + "/" + tag.Key.value_or("") <= *in.NextToken) continue;
      if (!std::ranges::all_of(in.Filters,
                               [&](const Filter& filter) { return tag_matches(filter, name, tag); }))
        continue;
      if (out.Tags.size() == limit) {
        out.NextToken = *out.Tags.back().ResourceId + "/" + *out.Tags.back().Key;
        return out;
      }
      out.Tags.push_back(tag);
    }
  }
  return out;
}

}  // namespace landfall::autoscaling
