// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty SetInstanceHealth(Call& call, const SetInstanceHealthQuery& in) {
  std::string group_name;
  call.rows(kGroups).each([&](std::string_view name, const GroupRecord& record) {
    for (const Member& member : record.members)
      if (member.shown.InstanceId == *in.InstanceId) group_name = name;
  });
  if (group_name.empty())
    throw ServiceError(
        "ValidationError", 400,
        "Instance Id not found - No managed instance found for instance ID: " + *in.InstanceId);
  GroupRecord record = find_group(call, group_name);
  Member& member = *std::ranges::find_if(
      record.members, [&](const Member& one) { return one.shown.InstanceId == *in.InstanceId; });
  if (*in.HealthStatus != "Healthy" && *in.HealthStatus != "Unhealthy")
    throw ServiceError("ValidationError", 400, "HealthStatus must be Healthy or Unhealthy");
  member.shown.HealthStatus = in.HealthStatus;
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
