#include "ec2/operations.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

aws::Empty ModifySubnetAttribute(Call& call, const ModifySubnetAttributeRequest& in) {
  refuse(in, kModifySubnetRefusals);
  SubnetRecord subnet = *require(call, kSubnets, in.SubnetId.value_or(""));
  if (in.MapPublicIpOnLaunch) subnet.map_public_ip_on_launch = in.MapPublicIpOnLaunch->Value.value_or(false);
  if (in.PrivateDnsHostnameTypeOnLaunch) subnet.hostname_type = *in.PrivateDnsHostnameTypeOnLaunch;
  if (in.EnableResourceNameDnsARecordOnLaunch)
    subnet.enable_resource_name_a_record = in.EnableResourceNameDnsARecordOnLaunch->Value.value_or(false);
  if (in.AssignIpv6AddressOnCreation && in.AssignIpv6AddressOnCreation->Value.value_or(false))
    throw_invalid(fmt::format("The subnet '{}' has no IPv6 CIDR block", subnet.subnet_id));
  rows(call, kSubnets).put(subnet.subnet_id, subnet);
  return {};
}

}  // namespace landfall::ec2
