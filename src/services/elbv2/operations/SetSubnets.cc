// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
#include <algorithm>
#include <set>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"

namespace landfall::elbv2 {

SetSubnetsOutput SetSubnets(Call& call, const SetSubnetsInput& in) {
  refuse(in, kBalancerRefusals);
  LoadBalancerRecord record = find_load_balancer(call, *in.LoadBalancerArn);
  std::vector<std::string> wanted = in.Subnets;
  for (const SubnetMapping& mapping : in.SubnetMappings) wanted.push_back(mapping.SubnetId.value_or(""));
  if (wanted.size() < 2)
    throw InvalidSubnetException(
        "At least two subnets in two different Availability Zones must be specified");
  std::set<std::string> zones;
  for (const std::string& id : wanted) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet || subnet->vpc_id != *record.shown.VpcId)
      throw SubnetNotFoundException("The subnet ID '" + id + "' does not exist in the load balancer's VPC");
    if (!zones.insert(subnet->availability_zone).second)
      throw InvalidConfigurationRequestException(
          "A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  }
  std::vector<NodeRecord> kept;
  for (const NodeRecord& node : record.nodes) {
    if (std::ranges::find(wanted, node.subnet_id) != wanted.end()) {
      kept.push_back(node);
    } else {
      release_node(call, node);
    }
  }
  record.nodes = std::move(kept);
  for (const std::string& id : wanted)
    if (std::ranges::find(record.nodes, id, &NodeRecord::subnet_id) == record.nodes.end())
      record.nodes.push_back(make_node(call, record, id));
  call.rows(kLoadBalancers).put(*in.LoadBalancerArn, record);
  publish_name(call, record);
  sync_load_balancer(call, *in.LoadBalancerArn);
  SetSubnetsOutput out;
  out.AvailabilityZones = shown(record).AvailabilityZones;
  return out;
}

}  // namespace landfall::elbv2
