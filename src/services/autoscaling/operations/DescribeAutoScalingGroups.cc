// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

namespace {

bool group_matches(const Filter& filter, const AutoScalingGroup& group) {
  const std::string name = filter.Name.value_or("");
  const auto any = [&](auto of_tag) {
    return std::ranges::any_of(group.Tags, [&](const TagDescription& tag) { return of_tag(tag); });
  };
  const auto wanted = [&](const std::optional<std::string>& value) {
    return std::ranges::find(filter.Values, value.value_or("")) != filter.Values.end();
  };
  if (name == "tag-key") return any([&](const TagDescription& tag) { return wanted(tag.Key); });
  if (name == "tag-value") return any([&](const TagDescription& tag) { return wanted(tag.Value); });
  if (name.starts_with("tag:"))
    return any([&](const TagDescription& tag) {
      return tag.Key == name.substr(std::string_view("tag:").size()) && wanted(tag.Value);
    });
  throw ServiceError("ValidationError", 400, "Filter type " + name + " is not correct.");
}

}  // namespace

AutoScalingGroupsType DescribeAutoScalingGroups(Call& call, const AutoScalingGroupNamesType& in) {
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  AutoScalingGroupsType out;
  for (auto& [name, record] : call.rows(kGroups).all()) {
    if (!in.AutoScalingGroupNames.empty() &&
        std::ranges::find(in.AutoScalingGroupNames, name) == in.AutoScalingGroupNames.end())
      continue;
    if (in.NextToken && name <= *in.NextToken) continue;
    if (!std::ranges::all_of(in.Filters,
                             [&](const Filter& filter) { return group_matches(filter, record->shown); }))
      continue;
    if (out.AutoScalingGroups.size() == limit) {
      out.NextToken = *out.AutoScalingGroups.back().AutoScalingGroupName;
      break;
    }
    out.AutoScalingGroups.push_back(shown(*record));
    if (!in.IncludeInstances.value_or(true)) out.AutoScalingGroups.back().Instances.clear();
  }
  return out;
}

}  // namespace landfall::autoscaling
