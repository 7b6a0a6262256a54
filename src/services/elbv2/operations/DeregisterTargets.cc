// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DeregisterTargetsOutput DeregisterTargets(Call& call, const DeregisterTargetsInput& in) {
  TargetGroupRecord record = find_target_group(call, *in.TargetGroupArn);
  const int64_t delay = std::atoll(
      attribute(record.attributes, default_target_group_attributes(), "deregistration_delay.timeout_seconds")
          .c_str());
  const bool used = !users_of(call, *in.TargetGroupArn).empty();
  for (const TargetDescription& target : in.Targets) {
    const auto matches = [&](const TargetRecord& other) {
      return other.id == target.Id && (!target.Port || other.port == *target.Port);
    };
    if (!used || delay == 0) {  // nothing is on its way to it
      std::erase_if(record.targets, matches);
      continue;
    }
    for (TargetRecord& other : record.targets) {
      if (!matches(other) || other.draining) continue;
      other.draining = true;
      other.drained_at = call.now.plus_seconds(delay);
      // An instance that has ended has no requests in flight: there is nothing to wait for.
      const auto instance = ec2::find_instance(call, other.id);
      if (instance && instance->unhealthy()) other.drained_at = call.now;
    }
  }
  std::erase_if(record.targets,
                [&](const TargetRecord& target) { return target.draining && target.drained_at <= call.now; });
  call.rows(kTargetGroups).put(*in.TargetGroupArn, record);
  sync_users_of(call, *in.TargetGroupArn);
  return {};
}

}  // namespace landfall::elbv2
