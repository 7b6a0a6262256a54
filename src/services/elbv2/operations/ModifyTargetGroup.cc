// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"

namespace landfall::elbv2 {

ModifyTargetGroupOutput ModifyTargetGroup(Call& call, const ModifyTargetGroupInput& in) {
  refuse(in, kTargetGroupRefusals);
  TargetGroupRecord record = find_target_group(call, *in.TargetGroupArn);
  TargetGroup& group = record.shown;
  const auto set = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  set(group.HealthCheckProtocol, in.HealthCheckProtocol);
  set(group.HealthCheckPort, in.HealthCheckPort);
  set(group.HealthCheckPath, in.HealthCheckPath);
  set(group.HealthCheckEnabled, in.HealthCheckEnabled);
  set(group.HealthCheckIntervalSeconds, in.HealthCheckIntervalSeconds);
  set(group.HealthCheckTimeoutSeconds, in.HealthCheckTimeoutSeconds);
  set(group.HealthyThresholdCount, in.HealthyThresholdCount);
  set(group.UnhealthyThresholdCount, in.UnhealthyThresholdCount);
  set(group.Matcher, in.Matcher);
  call.rows(kTargetGroups).put(*in.TargetGroupArn, record);
  sync_users_of(call, *in.TargetGroupArn);
  return {.TargetGroups = {shown(call, record)}};
}

}  // namespace landfall::elbv2
