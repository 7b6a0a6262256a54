// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CancelInstanceRefresh.html
#include "autoscaling/errors.h"
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/refresh.h"

namespace landfall::autoscaling {

CancelInstanceRefreshAnswer CancelInstanceRefresh(Call& call, const CancelInstanceRefreshType& in) {
  const GroupRecord group = find_group(call, *in.AutoScalingGroupName);
  const auto active = active_refresh(call, *in.AutoScalingGroupName);
  if (!active)
    throw ActiveInstanceRefreshNotFoundFault(
        "No in progress or pending Instance Refresh found for Auto Scaling group " +
        *in.AutoScalingGroupName);
  RefreshRecord record = *active;
  record.shown.Status = "Cancelled";
  record.shown.StatusReason = "Cancelled by user.";
  record.shown.EndTime = call.now;
  put_refresh(call, record);
  put_group(call, group);
  return {.InstanceRefreshId = record.shown.InstanceRefreshId};
}

}  // namespace landfall::autoscaling
