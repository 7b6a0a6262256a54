// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
#include <algorithm>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "gateway/observations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeTargetHealthOutput DescribeTargetHealth(Call& call, const DescribeTargetHealthInput& in) {
  const TargetGroupRecord record = find_target_group(call, *in.TargetGroupArn);
  const auto observed =
      call.plane.observations.get<TargetGroupHealth>(kTargetGroupHealthKind, *in.TargetGroupArn);
  const bool used = !users_of(call, *in.TargetGroupArn).empty();
  const auto health_of = [&](const TargetRecord& target) -> TargetHealth {
    if (!used)
      return {.State = "unused",
              .Reason = "Target.NotInUse",
              .Description = "Target group is not configured to receive traffic from the load balancer"};
    if (target.draining)
      return {.State = "draining",
              .Reason = "Target.DeregistrationInProgress",
              .Description = "Target deregistration is in progress"};
    if (observed)
      for (const TargetHealthObservation& one : observed->targets) {
        if (one.id != target.id || one.port != target.port) continue;
        TargetHealth health{.State = one.state};
        if (!one.reason.empty()) health.Reason = one.reason;
        if (!one.description.empty()) health.Description = one.description;
        return health;
      }
    return {.State = "initial",
            .Reason = "Elb.RegistrationInProgress",
            .Description = "Target registration is in progress"};
  };
  const std::string port = record.shown.HealthCheckPort.value_or("traffic-port");
  DescribeTargetHealthOutput out;
  const auto add = [&](const TargetRecord& target) {
    out.TargetHealthDescriptions.push_back(
        {.Target = TargetDescription{.Id = target.id, .Port = target.port},
         .HealthCheckPort = port == "traffic-port" ? std::to_string(target.port) : port,
         .TargetHealth = health_of(target)});
  };
  if (in.Targets.empty()) {
    for (const TargetRecord& target : record.targets) add(target);
    return out;
  }
  for (const TargetDescription& wanted : in.Targets) {
    const auto found = std::ranges::find_if(record.targets, [&](const TargetRecord& target) {
      return target.id == wanted.Id && (!wanted.Port || target.port == *wanted.Port);
    });
    if (found != record.targets.end()) {
      add(*found);
    } else {
      out.TargetHealthDescriptions.push_back(
          {.Target = wanted,
           .TargetHealth = TargetHealth{.State = "unused",
                                        .Reason = "Target.NotRegistered",
                                        .Description = "Target is not registered to the target group"}});
    }
  }
  return out;
}

}  // namespace landfall::elbv2
