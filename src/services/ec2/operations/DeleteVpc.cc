#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

namespace {
// What must be deleted first; what the VPC brought along goes with it.
bool has_dependencies(const Call& call, const VpcRecord& vpc) {
  bool found = !subnets_of(call, vpc.vpc_id).empty();
  rows(call, kInternetGateways).each([&](std::string_view, const InternetGatewayRecord& g) {
    found |= g.vpc_id == vpc.vpc_id;
  });
  rows(call, kSecurityGroups).each([&](std::string_view id, const SecurityGroupRecord& g) {
    found |= g.vpc_id == vpc.vpc_id && id != vpc.default_group_id;
  });
  rows(call, kRouteTables).each([&](std::string_view id, const RouteTableRecord& t) {
    found |= t.vpc_id == vpc.vpc_id && id != vpc.main_route_table_id;
  });
  rows(call, kNetworkAcls).each([&](std::string_view, const NetworkAclRecord& a) {
    found |= a.vpc_id == vpc.vpc_id && !a.is_default;
  });
  rows(call, kVpcEndpoints).each([&](std::string_view, const VpcEndpointRecord& e) {
    found |= e.vpc_id == vpc.vpc_id;
  });
  return found;
}
}  // namespace

aws::Empty DeleteVpc(Call& call, const DeleteVpcRequest& in) {
  const VpcRecord vpc = *require(call, kVpcs, in.VpcId.value_or(""));
  // A default VPC's own gateway and subnets must go first too, as EC2 has it.
  if (has_dependencies(call, vpc))
    throw_error("DependencyViolation",
                fmt::format("The vpc '{}' has dependencies and cannot be deleted.", vpc.vpc_id));
  delete_group(call, vpc.default_group_id);
  rows(call, kRouteTables).erase(vpc.main_route_table_id);
  rows(call, kNetworkAcls).erase(vpc.default_network_acl_id);
  for (const std::string& id : {vpc.main_route_table_id, vpc.default_network_acl_id, vpc.vpc_id})
    forget_tags(call, id);
  rows(call, kVpcs).erase(vpc.vpc_id);
  sync_network(call, vpc.vpc_id);
  return {};
}

}  // namespace landfall::ec2
