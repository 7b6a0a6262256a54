// VPCs, subnets, groups and interfaces as host shall make them. Every write of those records goes through
// here, so that the desired documents (host/protocol.h) are written in the same transaction: Network,
// SecurityGroup, Interface.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "host/protocol.h"
#include "services/ec2/cidr.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

// --- VPCs

struct NewVpc {
  std::string cidr;
  std::string instance_tenancy = "default";
  bool is_default = false;
};
// With its default group, main route table and network ACL.
VpcRecord create_vpc(Call& call, const NewVpc& options);
// 172.31.0.0/16, a /20 in each zone, an internet gateway and the route to it.
VpcRecord create_default_vpc(Call& call);
void ensure_default_vpc(Call& call);                             // once in the life of an account and region
std::shared_ptr<const VpcRecord> default_vpc(const Call& call);  // made if it never was; null if deleted

struct NewSubnet {
  std::string vpc_id, cidr, availability_zone;
  bool default_for_az = false;
};
SubnetRecord create_subnet(Call& call, const NewSubnet& options);
void delete_subnet(Call& call, const SubnetRecord& subnet);
std::vector<SubnetRecord> subnets_of(const Call& call, std::string_view vpc_id);

// After a change of a VPC, of its subnets, or of where their route tables lead.
void sync_network(Call& call, std::string_view vpc_id);
void put_route_table(Call& call, const RouteTableRecord& table);

void put_network_acl(Call& call, const NetworkAclRecord& acl);  // with what host shall enforce of it

// --- security groups

void put_group(Call& call, SecurityGroupRecord group);
SecurityGroupRecord new_group(Call& call, const std::string& vpc_id, const std::string& name,
                              const std::string& description);
void delete_group(Call& call, const std::string& group_id);
host::SecurityGroup desired_group(const SecurityGroupRecord& group);

// --- interfaces

struct NewInterface {
  std::string subnet_id;
  std::vector<std::string> group_ids;  // none: the VPC's default group
  std::string private_ip;              // empty: the lowest free one
  std::string description;
  std::string type = "interface";
  std::string attachment = "workload";
  std::string workload_id, instance_id;  // empty: not attached
  std::string requester;
  bool delete_on_termination = false;
};
// Throws InvalidSubnetID.NotFound, InvalidGroup.NotFound, InvalidIPAddress.InUse,
// InsufficientFreeAddressesInSubnet, ...
InterfaceRecord create_interface(Call& call, const NewInterface& options);
void put_interface(Call& call, InterfaceRecord record);
void sync_interface(Call& call, const std::string& interface_id);  // after a change of its Elastic IP
void delete_interface(Call& call, const std::string& interface_id);
// Attached to a workload (an instance's id also as instance_id), or not any more (empty workload).
void attach_interface(Call& call, const std::string& interface_id, const std::string& workload_id,
                      const std::string& instance_id, bool delete_on_termination);
void detach_interface(Call& call, const std::string& interface_id);
// Checks that the groups are the VPC's; throws as create_interface.
void check_groups(const Call& call, const std::vector<std::string>& group_ids, const std::string& vpc_id,
                  const std::string& subnet_id);
std::vector<InterfaceRecord> interfaces_of_subnet(const Call& call, std::string_view subnet_id);
uint64_t free_addresses(const Call& call, const SubnetRecord& subnet);
std::string mac_of(std::string_view interface_id);

}  // namespace landfall::ec2
