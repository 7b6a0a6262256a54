// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
#include <algorithm>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

RegisterTargetsOutput RegisterTargets(Call& call, const RegisterTargetsInput& in) {
  TargetGroupRecord record = find_target_group(call, *in.TargetGroupArn);
  for (const TargetDescription& target : in.Targets) {
    const std::string id = target.Id.value_or("");
    TargetRecord fresh{.id = id, .port = target.Port.value_or(*record.shown.Port)};
    if (record.shown.TargetType == "instance") {
      const auto instance = ec2::find_instance(call, id);
      if (!instance) throw InvalidTargetException("The following targets are not found: '" + id + "'");
      if (instance->unhealthy())
        throw InvalidTargetException(
            "The following targets are not in a running state and cannot be registered: '" + id + "'");
      if (instance->vpc_id != *record.shown.VpcId)
        throw InvalidTargetException("The following targets are not in the target group's VPC: '" + id + "'");
      fresh.address = instance->private_ip;
      fresh.availability_zone = instance->availability_zone;
    } else {
      fresh.address = id;
      fresh.availability_zone = target.AvailabilityZone.value_or("");
      if (const auto instance = ec2::find_instance_by_address(call, *record.shown.VpcId, id))
        fresh.availability_zone = instance->availability_zone;
    }
    const auto same = std::ranges::find_if(record.targets, [&](const TargetRecord& other) {
      return other.id == fresh.id && other.port == fresh.port;
    });
    if (same != record.targets.end()) {
      *same = fresh;  // also what was draining comes back
    } else {
      record.targets.push_back(std::move(fresh));
    }
  }
  if (record.targets.size() > kMaxTargetsPerLoadBalancer)
    throw TooManyTargetsException("You've reached the limit on the number of targets");
  call.rows(kTargetGroups).put(*in.TargetGroupArn, record);
  sync_users_of(call, *in.TargetGroupArn);
  return {};
}

}  // namespace landfall::elbv2
