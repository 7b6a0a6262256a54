// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScheduledActions.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

ScheduledActionsType DescribeScheduledActions(Call& call, const DescribeScheduledActionsType& in) {
  ScheduledActionsType out;
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(kDefaultPage));
  const std::string prefix = in.AutoScalingGroupName ? *in.AutoScalingGroupName + "/" : "";
  for (const auto& [id, record] : call.rows(kSchedules).all()) {  // the token is the last one's id
    if (!id.starts_with(prefix) || (in.NextToken && id <= *in.NextToken)) continue;
    const ScheduledUpdateGroupAction& action = record->shown;
    if (!in.ScheduledActionNames.empty() &&
        std::ranges::find(in.ScheduledActionNames, *action.ScheduledActionName) ==
            in.ScheduledActionNames.end())
      continue;
    if ((in.StartTime && *action.StartTime < *in.StartTime) ||
        (in.EndTime && *in.EndTime < *action.StartTime))
      continue;
    if (out.ScheduledUpdateGroupActions.size() == limit) {
      const auto& last = out.ScheduledUpdateGroupActions.back();
      out.NextToken = *last.AutoScalingGroupName + "/" + *last.ScheduledActionName;
      break;
    }
    out.ScheduledUpdateGroupActions.push_back(action);
  }
  return out;
}

}  // namespace landfall::autoscaling
