// Records as the API shows them, and what each type answers to --filters.
#pragma once

#include "ec2/shapes.h"
#include "services/ec2/describe.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

Vpc render(const Call& call, const VpcRecord& vpc);
Subnet render(const Call& call, const SubnetRecord& subnet);
SecurityGroup render(const Call& call, const SecurityGroupRecord& group);
SecurityGroupRule render_rule(const Call& call, const SecurityGroupRecord& group, const RuleRecord& rule);
InternetGateway render(const Call& call, const InternetGatewayRecord& gateway);
RouteTable render(const Call& call, const RouteTableRecord& table);
NetworkAcl render(const Call& call, const NetworkAclRecord& acl);
NetworkInterface render(const Call& call, const InterfaceRecord& interface);

FilterFields<VpcRecord> vpc_fields(const Call& call);
FilterFields<SubnetRecord> subnet_fields(const Call& call);
FilterFields<SecurityGroupRecord> security_group_fields(const Call& call);
FilterFields<InternetGatewayRecord> internet_gateway_fields(const Call& call);
FilterFields<RouteTableRecord> route_table_fields(const Call& call);
FilterFields<NetworkAclRecord> network_acl_fields(const Call& call);
FilterFields<InterfaceRecord> interface_fields(const Call& call);

// "GroupId, GroupName" pairs; a group that is gone is left out.
std::vector<GroupIdentifier> render_groups(const Call& call, const std::vector<std::string>& group_ids);
NetworkInterfaceAttachment render_attachment(const Call& call, const InterfaceRecord& record);
std::string interface_status(const InterfaceRecord& record);  // "in-use" or "available"

}  // namespace landfall::ec2
