// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
#include <algorithm>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/cidr.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

namespace {

// Of an address: its subnet's zone; "all", which must be said, for one outside the VPC.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
std::string zone_of(const Call& call, const std::string& vpc_id, const TargetDescription& target) {
  constexpr const char* kRegistrable[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"};
  const std::string id = target.Id.value_or("");
  const auto address = ec2::Cidr::parse_any(id + "/32");
  if (!address) throw InvalidTargetException("The IP address '" + id + "' is not a valid IPv4 address");
  const std::string given = target.AvailabilityZone.value_or("");
  if (ec2::Cidr::parse(ec2::find_vpc(call, vpc_id)->cidr)->contains(*address)) {
    if (!given.empty()) return given;
    for (const auto& subnet : ec2::subnets_of_vpc(call, vpc_id))
      if (ec2::Cidr::parse(subnet.cidr)->contains(*address)) return subnet.availability_zone;
    return "";
  }
  if (given != "all")
    throw InvalidTargetException("The IP address '" + id +
                                 "' is outside the VPC: the Availability Zone 'all' must be specified");
  const bool registrable = std::ranges::any_of(
      kRegistrable, [&](const char* range) { return ec2::Cidr::parse(range)->contains(*address); });
  if (!registrable)
    throw InvalidTargetException("The IP address '" + id +
                                 "' is neither of the VPC nor of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 "
                                 "or 100.64.0.0/10");
  return given;
}

}  // namespace

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
      fresh.availability_zone = zone_of(call, *record.shown.VpcId, target);
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
