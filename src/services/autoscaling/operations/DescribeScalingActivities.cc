// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

ActivitiesType DescribeScalingActivities(Call& call, const DescribeScalingActivitiesType& in) {
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  std::vector<Activity> all;
  if (in.AutoScalingGroupName) {
    all = activities_of(call, *in.AutoScalingGroupName);
  } else {
    call.rows(kActivities).each([&](std::string_view, const ActivityRecord& record) {
      all.push_back(record.shown);
    });
    std::ranges::stable_sort(
        all, [](const Activity& a, const Activity& b) { return *b.StartTime < *a.StartTime; });
  }
  ActivitiesType out;
  bool past = !in.NextToken;  // the token is the last one's id
  for (const Activity& one : all) {
    if (!in.ActivityIds.empty() && std::ranges::find(in.ActivityIds, *one.ActivityId) == in.ActivityIds.end())
      continue;
    if (past && out.Activities.size() == limit) {
      out.NextToken = out.Activities.back().ActivityId;
      break;
    }
    if (past) out.Activities.push_back(one);
    past = past || one.ActivityId == in.NextToken;
  }
  return out;
}

}  // namespace landfall::autoscaling
