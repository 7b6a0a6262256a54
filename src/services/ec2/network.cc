#include "services/ec2/network.h"

#include <algorithm>
#include <map>
#include <set>

#include "services/ec2/addresses.h"
#include "services/ec2/ec2.h"
#include "services/ec2/instances.h"
#include "services/ec2/internet_routes.h"
#include "services/ec2/network_acls.h"
#include "services/ec2/prefix_lists.h"
#include "services/ec2/regions.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

inline constexpr size_t kMaxGroupsPerInterface = 5;  // AWS's default quota
inline constexpr char kDefaultVpcCidr[] = "172.31.0.0/16";

void add_main_route_table(Call& call, VpcRecord& vpc) {
  RouteTableRecord table{.route_table_id = new_id(call, kRouteTables.prefix),
                         .vpc_id = vpc.vpc_id,
                         .routes = {},
                         .associations = {}};
  table.routes.push_back({.destination = vpc.cidr, .gateway_id = "local"});
  table.associations.push_back({.association_id = new_id(call, "rtbassoc-"), .subnet_id = {}});
  vpc.main_route_table_id = table.route_table_id;
  rows(call, kRouteTables).put(table.route_table_id, table);
}

void add_default_acl(Call& call, VpcRecord& vpc) {
  NetworkAclRecord acl{.network_acl_id = new_id(call, kNetworkAcls.prefix),
                       .vpc_id = vpc.vpc_id,
                       .is_default = true,
                       .entries = open_entries()};
  vpc.default_network_acl_id = acl.network_acl_id;
  rows(call, kNetworkAcls).put(acl.network_acl_id, acl);
}

// Members of the default group may talk to each other, and to anybody.
void add_default_group(Call& call, VpcRecord& vpc) {
  SecurityGroupRecord group = new_group(call, vpc.vpc_id, "default", "default VPC security group");
  RuleRecord from_members{.rule_id = new_id(call, "sgr-"), .direction = Direction::ingress};
  from_members.referenced_group_id = group.group_id;
  group.rules.insert(group.rules.begin(), from_members);
  vpc.default_group_id = group.group_id;
  put_group(call, std::move(group));
}

std::set<uint32_t> taken_addresses(const Call& call, std::string_view subnet_id) {
  std::set<uint32_t> taken;
  for (const InterfaceRecord& record : interfaces_of_subnet(call, subnet_id))
    taken.insert(*parse_ipv4(record.private_ip));
  return taken;
}

std::string choose_address(const Call& call, const SubnetRecord& subnet, const std::string& wanted) {
  const Cidr cidr = *Cidr::parse(subnet.cidr);
  const std::set<uint32_t> taken = taken_addresses(call, subnet.subnet_id);
  if (wanted.empty()) {
    if (const auto address = lowest_free(cidr, taken)) return format_ipv4(*address);
    throw_error("InsufficientFreeAddressesInSubnet",
                fmt::format("There are not enough free addresses in subnet '{}' to satisfy the requested "
                            "number of instances.",
                            subnet.subnet_id));
  }
  const auto address = parse_ipv4(wanted);
  if (!address)
    throw_invalid(
        fmt::format("Invalid value '{}' for PrivateIpAddress. It is not a valid IPv4 address", wanted));
  if (!cidr.contains(*address))
    throw_invalid(fmt::format("Address {} does not fall within the subnet's address range", wanted));
  if (!is_usable(cidr, *address))
    throw_invalid(fmt::format("Address {} is in subnet's reserved address range", wanted));
  if (taken.contains(*address))
    throw_error("InvalidIPAddress.InUse", fmt::format("Address {} is in use.", wanted));
  return wanted;
}

host::Interface desired_interface(const Call& call, const InterfaceRecord& record) {
  return {.interface_id = record.interface_id,
          .vpc_id = record.vpc_id,
          .subnet_id = record.subnet_id,
          .private_ip = record.private_ip,
          .mac = record.mac,
          .security_group_ids = record.group_ids,
          .attachment = record.attachment,
          .workload_id = record.workload_id,
          .source_dest_check = record.source_dest_check,
          .public_ip = public_name_of(call, record).address};
}

host::SecurityGroupRule desired_rule(const RuleRecord& rule) {
  host::SecurityGroupRule out{.protocol = rule.protocol,
                              .from_port = rule.from_port,
                              .to_port = rule.to_port,
                              .cidrs = {},
                              .group_ids = {}};
  if (!rule.cidr_ipv4.empty()) out.cidrs.push_back(rule.cidr_ipv4);
  if (!rule.referenced_group_id.empty()) out.group_ids.push_back(rule.referenced_group_id);
  if (!rule.prefix_list_id.empty()) out.cidrs = prefix_list_cidrs(rule.prefix_list_id);
  return out;
}

}  // namespace

// --- VPCs

VpcRecord create_vpc(Call& call, const NewVpc& options) {
  VpcRecord vpc{.vpc_id = new_id(call, kVpcs.prefix), .cidr = options.cidr};
  vpc.cidr_association_id = new_id(call, "vpc-cidr-assoc-");
  vpc.instance_tenancy = options.instance_tenancy;
  vpc.dhcp_options_id = "dopt-" + std::string(17, '0');  // the region's default set; there are no others
  vpc.is_default = options.is_default;
  vpc.enable_dns_hostnames = options.is_default;
  add_main_route_table(call, vpc);
  add_default_acl(call, vpc);
  add_default_group(call, vpc);
  rows(call, kVpcs).put(vpc.vpc_id, vpc);
  sync_network(call, vpc.vpc_id);
  return vpc;
}

VpcRecord create_default_vpc(Call& call) {
  const VpcRecord vpc = create_vpc(call, {.cidr = kDefaultVpcCidr, .is_default = true});
  Cidr block{Cidr::parse(kDefaultVpcCidr)->base, 20};
  for (const Zone& zone : zones_of(call.region)) {
    create_subnet(
        call,
        {.vpc_id = vpc.vpc_id, .cidr = block.text(), .availability_zone = zone.name, .default_for_az = true});
    block.base += static_cast<uint32_t>(block.size());
  }
  InternetGatewayRecord gateway{.internet_gateway_id = new_id(call, kInternetGateways.prefix),
                                .vpc_id = vpc.vpc_id};
  rows(call, kInternetGateways).put(gateway.internet_gateway_id, gateway);
  RouteTableRecord table = *require(call, kRouteTables, vpc.main_route_table_id);
  table.routes.push_back({.destination = "0.0.0.0/0", .gateway_id = gateway.internet_gateway_id});
  put_route_table(call, table);
  return vpc;
}

void ensure_default_vpc(Call& call) {
  auto setup = call.rows(kSetup);
  if (const auto record = setup.get("setup"); record && record->default_vpc_made) return;
  setup.put("setup", {.default_vpc_made = true});
  create_default_vpc(call);
}

std::shared_ptr<const VpcRecord> default_vpc(const Call& call) {
  Call same = call;  // and the same transaction
  ensure_default_vpc(same);
  for (const auto& [id, vpc] : rows(call, kVpcs).all())
    if (vpc->is_default) return vpc;
  return nullptr;
}

SubnetRecord create_subnet(Call& call, const NewSubnet& options) {
  SubnetRecord subnet{
      .subnet_id = new_id(call, kSubnets.prefix), .vpc_id = options.vpc_id, .cidr = options.cidr};
  subnet.availability_zone = options.availability_zone;
  subnet.acl_association_id = new_id(call, "aclassoc-");
  subnet.default_for_az = options.default_for_az;
  subnet.map_public_ip_on_launch = options.default_for_az;
  rows(call, kSubnets).put(subnet.subnet_id, subnet);
  sync_network(call, subnet.vpc_id);
  return subnet;
}

void delete_subnet(Call& call, const SubnetRecord& subnet) {
  rows(call, kSubnets).erase(subnet.subnet_id);
  forget_tags(call, subnet.subnet_id);
  sync_network(call, subnet.vpc_id);
}

std::vector<SubnetRecord> subnets_of(const Call& call, std::string_view vpc_id) {
  std::vector<SubnetRecord> out;
  rows(call, kSubnets).each([&](std::string_view, const SubnetRecord& subnet) {
    if (subnet.vpc_id == vpc_id) out.push_back(subnet);
  });
  return out;
}

static bool has_s3_endpoint(const Call& call, const SubnetRecord& subnet) {
  const auto table = route_table_of(call, subnet);
  return table && !s3_endpoint_of(*table).empty();
}

// With the ACLs that its subnets have, so that host sees a change of either whole.
static host::Network desired_network(const Call& call, const VpcRecord& vpc) {
  host::Network network{.vpc_id = vpc.vpc_id, .cidrs = {vpc.cidr}, .subnets = {}, .network_acls = {}};
  std::map<std::string, std::optional<host::NetworkAcl>> acls;
  for (const SubnetRecord& subnet : subnets_of(call, vpc.vpc_id)) {
    const std::string acl_id = acl_of(call, subnet);
    if (!acls.contains(acl_id)) acls[acl_id] = enforced_acl(*require(call, kNetworkAcls, acl_id));
    network.subnets.push_back({.subnet_id = subnet.subnet_id,
                               .cidr = subnet.cidr,
                               .availability_zone = subnet.availability_zone,
                               .network_acl_id = acls[acl_id] ? acl_id : "",
                               .internet = std::string(host_word(internet_access_of(call, subnet))),
                               .s3_endpoint = has_s3_endpoint(call, subnet)});
  }
  for (auto& [id, acl] : acls)
    if (acl) network.network_acls.push_back(*std::move(acl));
  return network;
}

void sync_network(Call& call, std::string_view vpc_id) {
  const auto vpc = rows(call, kVpcs).get(vpc_id);
  if (!vpc) {
    undesire(call.txn, "Network", vpc_id);
    publish_metadata(call, vpc_id);
    return;
  }
  desire(call.txn, "Network", vpc_id, desired_network(call, *vpc));
  publish_metadata(call, vpc_id);
}

void put_network_acl(Call& call, const NetworkAclRecord& acl) {
  rows(call, kNetworkAcls).put(acl.network_acl_id, acl);
  sync_network(call, acl.vpc_id);
}

// --- security groups

SecurityGroupRecord new_group(Call& call, const std::string& vpc_id, const std::string& name,
                              const std::string& description) {
  SecurityGroupRecord group{.group_id = new_id(call, kSecurityGroups.prefix),
                            .vpc_id = vpc_id,
                            .name = name,
                            .description = description,
                            .rules = {}};
  RuleRecord to_all{.rule_id = new_id(call, "sgr-"), .direction = Direction::egress};
  to_all.cidr_ipv4 = "0.0.0.0/0";
  group.rules.push_back(to_all);
  return group;
}

host::SecurityGroup desired_group(const SecurityGroupRecord& group) {
  host::SecurityGroup out{.group_id = group.group_id, .vpc_id = group.vpc_id, .ingress = {}, .egress = {}};
  for (const RuleRecord& rule : group.rules) {
    if (!rule.cidr_ipv6.empty()) continue;  // VPCs have no IPv6 in this version: the rule can match nothing
    host::SecurityGroupRule desired = desired_rule(rule);
    if (desired.cidrs.empty() && desired.group_ids.empty()) continue;  // an empty prefix list's
    (rule.direction == Direction::ingress ? out.ingress : out.egress).push_back(std::move(desired));
  }
  return out;
}

void put_group(Call& call, SecurityGroupRecord group) {
  desire(call.txn, "SecurityGroup", group.group_id, desired_group(group));
  const std::string id = group.group_id;
  rows(call, kSecurityGroups).put(id, std::move(group));
}

void delete_group(Call& call, const std::string& group_id) {
  const auto group = require(call, kSecurityGroups, group_id);
  for (const RuleRecord& rule : group->rules) forget_tags(call, rule.rule_id);
  forget_tags(call, group_id);
  rows(call, kSecurityGroups).erase(group_id);
  undesire(call.txn, "SecurityGroup", group_id);
}

// --- interfaces

std::string mac_of(std::string_view interface_id) {
  // 06: locally administered, unicast. The last 10 digits of the id are as good as random.
  const std::string digits(interface_id.substr(interface_id.size() - 10));
  std::string mac = "06";
  for (size_t i = 0; i < digits.size(); i += 2) mac += ":" + digits.substr(i, 2);
  return mac;
}

std::vector<InterfaceRecord> interfaces_of_subnet(const Call& call, std::string_view subnet_id) {
  std::vector<InterfaceRecord> out;
  rows(call, kInterfaces).each([&](std::string_view, const InterfaceRecord& record) {
    if (record.subnet_id == subnet_id) out.push_back(record);
  });
  return out;
}

uint64_t free_addresses(const Call& call, const SubnetRecord& subnet) {
  const uint64_t usable = usable_addresses(*Cidr::parse(subnet.cidr));
  const uint64_t used = interfaces_of_subnet(call, subnet.subnet_id).size();
  return usable > used ? usable - used : 0;
}

void check_groups(const Call& call, const std::vector<std::string>& group_ids, const std::string& vpc_id,
                  const std::string& subnet_id) {
  if (group_ids.size() > kMaxGroupsPerInterface)
    throw_error("SecurityGroupsPerInterfaceLimitExceeded",
                "The maximum number of security groups per interface has been reached.");
  for (const std::string& id : group_ids) {
    const auto group = require(call, kSecurityGroups, id);
    if (group->vpc_id != vpc_id)
      throw_error(
          "InvalidParameter",
          fmt::format("Security group {} and subnet {} belong to different networks.", id, subnet_id));
  }
}

InterfaceRecord create_interface(Call& call, const NewInterface& options) {
  const auto subnet = require(call, kSubnets, options.subnet_id);
  InterfaceRecord record{.interface_id = new_id(call, kInterfaces.prefix),
                         .vpc_id = subnet->vpc_id,
                         .subnet_id = subnet->subnet_id};
  record.group_ids = options.group_ids;
  if (record.group_ids.empty() && options.type != "nat_gateway")  // which has no security groups
    record.group_ids.push_back(require(call, kVpcs, subnet->vpc_id)->default_group_id);
  check_groups(call, record.group_ids, record.vpc_id, record.subnet_id);
  record.availability_zone = subnet->availability_zone;
  record.private_ip = choose_address(call, *subnet, options.private_ip);
  record.mac = mac_of(record.interface_id);
  record.description = options.description;
  record.type = options.type;
  record.attachment = options.attachment;
  record.workload_id = options.workload_id;
  record.instance_id = options.instance_id;
  record.requester = options.requester;
  record.delete_on_termination = options.delete_on_termination;
  if (!options.workload_id.empty() || options.attachment == "edge") {
    record.attachment_id = new_id(call, "eni-attach-");
    record.attached_at = call.now;
  }
  put_interface(call, record);
  return record;
}

void put_interface(Call& call, InterfaceRecord record) {
  desire(call.txn, "Interface", record.interface_id, desired_interface(call, record));
  const std::string id = record.interface_id;
  rows(call, kInterfaces).put(id, std::move(record));
}

void sync_interface(Call& call, const std::string& interface_id) {
  if (const auto record = rows(call, kInterfaces).get(interface_id))
    desire(call.txn, "Interface", interface_id, desired_interface(call, *record));
}

void put_route_table(Call& call, const RouteTableRecord& table) {
  rows(call, kRouteTables).put(table.route_table_id, table);
  sync_network(call, table.vpc_id);
}

void delete_interface(Call& call, const std::string& interface_id) {
  const auto record = require(call, kInterfaces, interface_id);
  if (!record->public_ip.empty()) release_public_address(call, record->public_ip);
  if (const auto address = address_of_interface(call, interface_id)) disassociate_address(call, *address);
  rows(call, kInterfaces).erase(interface_id);
  forget_tags(call, interface_id);
  undesire(call.txn, "Interface", interface_id);
  if (!record->source_dest_check) sync_network(call, record->vpc_id);  // routes may have led to it
}

void attach_interface(Call& call, const std::string& interface_id, const std::string& workload_id,
                      const std::string& instance_id, bool delete_on_termination) {
  InterfaceRecord record = *require(call, kInterfaces, interface_id);
  record.workload_id = workload_id;
  record.instance_id = instance_id;
  record.attachment_id = new_id(call, "eni-attach-");
  record.attached_at = call.now;
  record.delete_on_termination = delete_on_termination;
  put_interface(call, std::move(record));
}

void detach_interface(Call& call, const std::string& interface_id) {
  InterfaceRecord record = *require(call, kInterfaces, interface_id);
  record.workload_id.clear();
  record.instance_id.clear();
  record.attachment_id.clear();
  record.delete_on_termination = false;
  put_interface(call, std::move(record));
}

}  // namespace landfall::ec2
