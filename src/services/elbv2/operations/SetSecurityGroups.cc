// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"

namespace landfall::elbv2 {

SetSecurityGroupsOutput SetSecurityGroups(Call& call, const SetSecurityGroupsInput& in) {
  refuse(in, kSecurityGroupRefusals);
  LoadBalancerRecord record = find_load_balancer(call, *in.LoadBalancerArn);
  for (const std::string& id : in.SecurityGroups) {
    const auto group = ec2::find_group(call, id);
    if (!group || group->vpc_id != *record.shown.VpcId)
      throw InvalidSecurityGroupException("The security group '" + id +
                                          "' does not exist in the load balancer's VPC");
  }
  record.shown.SecurityGroups = in.SecurityGroups;
  for (const NodeRecord& node : record.nodes)
    ec2::set_service_interface_groups(call, node.interface_id, in.SecurityGroups);
  call.rows(kLoadBalancers).put(*in.LoadBalancerArn, record);
  return {.SecurityGroupIds = in.SecurityGroups};
}

}  // namespace landfall::elbv2
