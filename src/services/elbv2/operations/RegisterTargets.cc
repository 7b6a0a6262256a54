// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

namespace {

std::optional<uint32_t> ipv4(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

// `cidr` is one that EC2 shows, or a constant here.
bool is_within(uint32_t address, const std::string& cidr) {
  const size_t slash = cidr.find('/');
  int prefix = 32;
  std::from_chars(cidr.data() + slash + 1, cidr.data() + cidr.size(), prefix);
  const uint32_t mask = prefix == 0 ? 0 : ~uint32_t{0} << (32 - prefix);
  return ((address ^ *ipv4(cidr.substr(0, slash))) & mask) == 0;
}

// Of an address: its subnet's zone; "all", which must be said, for one outside the VPC.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
std::string zone_of(const Call& call, const std::string& vpc_id, const TargetDescription& target) {
  constexpr const char* kRegistrable[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"};
  const std::string id = target.Id.value_or("");
  const auto address = ipv4(id);
  if (!address) throw InvalidTargetException("The IP address '" + id + "' is not a valid IPv4 address");
  const std::string given = target.AvailabilityZone.value_or("");
  if (is_within(*address, ec2::find_vpc(call, vpc_id)->cidr)) {
    if (!given.empty()) return given;
    for (const auto& subnet : ec2::subnets_of_vpc(call, vpc_id))
      if (is_within(*address, subnet.cidr)) return subnet.availability_zone;
    return "";
  }
  if (given != "all")
    throw InvalidTargetException("The IP address '" + id +
                                 "' is outside the VPC: the Availability Zone 'all' must be specified");
  const bool registrable =
      std::ranges::any_of(kRegistrable, [&](const char* range) { return is_within(*address, range); });
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
