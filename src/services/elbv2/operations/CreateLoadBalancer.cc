// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
#include <algorithm>
#include <set>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"

namespace landfall::elbv2 {

namespace {

// The request again: its answer is the load balancer that it made.
bool same_settings(const LoadBalancerRecord& other, const CreateLoadBalancerInput& in,
                   const std::vector<std::string>& subnets) {
  std::set<std::string> theirs;
  for (const NodeRecord& node : other.nodes) theirs.insert(node.subnet_id);
  const auto as_set = [](const std::vector<std::string>& list) {
    return std::set<std::string>(list.begin(), list.end());
  };
  return theirs == as_set(subnets) && other.shown.Scheme == in.Scheme.value_or("internet-facing") &&
         (in.SecurityGroups.empty() || as_set(other.shown.SecurityGroups) == as_set(in.SecurityGroups)) &&
         other.tags == tag_map(in.Tags);
}

}  // namespace

CreateLoadBalancerOutput CreateLoadBalancer(Call& call, const CreateLoadBalancerInput& in) {
  refuse(in, kBalancerRefusals);
  refuse(in, kCreateBalancerRefusals);
  if (in.Type.value_or("application") != "application")
    throw UnsupportedProtocolException(
        "Landfall has Application Load Balancers only: Type must be application");
  const std::string& name = *in.Name;
  const bool well_formed =
      !name.empty() && name.size() <= 32 && name.front() != '-' && name.back() != '-' &&
      !name.starts_with("internal-") &&
      std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
  if (!well_formed)
    throw ServiceError(
        "ValidationError", 400,
        "The load balancer name '" + name +
            "' can only contain characters that are alphanumeric characters and hyphens(-), must not begin "
            "or end with one or with \"internal-\", and must have at most 32 of them");
  std::vector<std::string> subnets = in.Subnets;
  for (const SubnetMapping& mapping : in.SubnetMappings) subnets.push_back(mapping.SubnetId.value_or(""));
  for (const auto& [arn, other] : call.rows(kLoadBalancers).all()) {
    if (other->shown.LoadBalancerName != name) continue;
    if (same_settings(*other, in, subnets)) return {.LoadBalancers = {shown(*other)}};  // made already
    throw DuplicateLoadBalancerNameException("A load balancer with the same name '" + name +
                                             "' exists, but with different settings");
  }
  LoadBalancerRecord record;
  LoadBalancer& balancer = record.shown;
  std::set<std::string> zones;
  for (const std::string& id : subnets) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet) throw SubnetNotFoundException("The subnet ID '" + id + "' does not exist");
    if (balancer.VpcId && *balancer.VpcId != subnet->vpc_id)
      throw InvalidSubnetException("The subnets of a load balancer must be in one VPC");
    if (!zones.insert(subnet->availability_zone).second)
      throw InvalidConfigurationRequestException(
          "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
    balancer.VpcId = subnet->vpc_id;
  }
  if (zones.size() < 2)
    throw ServiceError("ValidationError", 400,
                       "At least two subnets in two different Availability Zones must be specified");
  balancer.SecurityGroups = in.SecurityGroups;
  if (balancer.SecurityGroups.empty())
    balancer.SecurityGroups = {ec2::find_vpc(call, *balancer.VpcId)->default_group_id};
  for (const std::string& id : balancer.SecurityGroups) {
    const auto group = ec2::find_group(call, id);
    if (!group || group->vpc_id != *balancer.VpcId)
      throw InvalidConfigurationRequestException("One or more security groups are invalid: " + id);
  }
  balancer.Scheme = in.Scheme.value_or("internet-facing");
  balancer.Type = "application";
  balancer.IpAddressType = in.IpAddressType.value_or("ipv4");
  if (*balancer.IpAddressType != "ipv4")
    throw InvalidConfigurationRequestException("Landfall has IPv4 only: IpAddressType must be ipv4");
  balancer.LoadBalancerName = name;
  balancer.CreatedTime = call.now;
  balancer.LoadBalancerArn =
      call.arn("elasticloadbalancing", "loadbalancer/app/" + name + "/" + new_id(call));
  const std::string prefix = *balancer.Scheme == "internal" ? "internal-" : "";
  balancer.DNSName =
      prefix + name + "-" + call.random().from("0123456789", 10) + "." + call.region + ".elb.amazonaws.com";
  balancer.CanonicalHostedZoneId = canonical_hosted_zone(call.region);
  record.tags = tag_map(in.Tags);
  for (const std::string& id : subnets) record.nodes.push_back(make_node(call, record, id));
  call.rows(kLoadBalancers).put(*balancer.LoadBalancerArn, record);
  publish_name(call, record);
  sync_load_balancer(call, *balancer.LoadBalancerArn);
  return {.LoadBalancers = {shown(record)}};
}

}  // namespace landfall::elbv2
