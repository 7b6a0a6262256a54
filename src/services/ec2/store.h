// EC2's records in the store. One table a resource type; ids are "<account>/<region>/<resource id>"
// (Call::rows).
//
// Invariants, kept by the operations, each in one transaction:
//   - every subnet, group, interface, route table and network ACL names a VPC that exists;
//   - two interfaces of one VPC never hold the same private address, from creation to deletion of the
//   interface;
//   - a VPC has exactly one default group, one main route table and one default network ACL, made and deleted
//   with it;
//   - an instance that is not terminated has exactly one primary interface, and that interface names the
//   instance;
//   - tags live in kTags only, under the id of what they tag, and go when it goes.
// What host shall do follows from these records and is written beside them (network.h, workload.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "store/store.h"

namespace landfall::ec2 {

struct VpcRecord {
  std::string vpc_id;
  std::string cidr;
  std::string cidr_association_id;  // vpc-cidr-assoc-...
  std::string instance_tenancy = "default";
  std::string dhcp_options_id;
  std::string default_group_id;
  std::string main_route_table_id;
  std::string default_network_acl_id;
  bool is_default = false;
  bool enable_dns_support = true;
  bool enable_dns_hostnames = false;
  bool enable_network_address_usage_metrics = false;
  template <class V>
  void fields(V& v) {
    v("vpc_id", vpc_id);
    v("cidr", cidr);
    v("cidr_association_id", cidr_association_id);
    v("instance_tenancy", instance_tenancy);
    v("dhcp_options_id", dhcp_options_id);
    v("default_group_id", default_group_id);
    v("main_route_table_id", main_route_table_id);
    v("default_network_acl_id", default_network_acl_id);
    v("is_default", is_default);
    v("enable_dns_support", enable_dns_support);
    v("enable_dns_hostnames", enable_dns_hostnames);
    v("enable_network_address_usage_metrics", enable_network_address_usage_metrics);
  }
};

struct SubnetRecord {
  std::string subnet_id;
  std::string vpc_id;
  std::string cidr;
  std::string availability_zone;   // "us-east-1a"
  std::string acl_association_id;  // aclassoc-...
  std::string network_acl_id;      // empty: the VPC's default one
  std::string hostname_type = "ip-name";
  bool default_for_az = false;
  bool map_public_ip_on_launch = false;
  bool enable_resource_name_a_record = false;
  template <class V>
  void fields(V& v) {
    v("subnet_id", subnet_id);
    v("vpc_id", vpc_id);
    v("cidr", cidr);
    v("availability_zone", availability_zone);
    v("acl_association_id", acl_association_id);
    v("network_acl_id", network_acl_id);
    v("hostname_type", hostname_type);
    v("default_for_az", default_for_az);
    v("map_public_ip_on_launch", map_public_ip_on_launch);
    v("enable_resource_name_a_record", enable_resource_name_a_record);
  }
};

enum class Direction { ingress, egress };

// One rule with one peer, as DescribeSecurityGroupRules shows it. Exactly one of the four peers is set.
struct RuleRecord {
  std::string rule_id;  // sgr-...
  Direction direction = Direction::ingress;
  std::string protocol = "-1";  // "tcp", "udp", "icmp", "icmpv6", "-1" or a number
  int64_t from_port = -1;       // -1: all (of "-1" and numbered protocols always)
  int64_t to_port = -1;
  std::string cidr_ipv4;
  std::string cidr_ipv6;
  std::string referenced_group_id;
  std::string prefix_list_id;
  std::string description;
  bool same_permission(const RuleRecord& o) const {  // all that identifies a rule
    return direction == o.direction && protocol == o.protocol && from_port == o.from_port &&
           to_port == o.to_port && cidr_ipv4 == o.cidr_ipv4 && cidr_ipv6 == o.cidr_ipv6 &&
           referenced_group_id == o.referenced_group_id && prefix_list_id == o.prefix_list_id;
  }
  template <class V>
  void fields(V& v) {
    v("rule_id", rule_id);
    v("direction", direction);
    v("protocol", protocol);
    v("from_port", from_port);
    v("to_port", to_port);
    v("cidr_ipv4", cidr_ipv4);
    v("cidr_ipv6", cidr_ipv6);
    v("referenced_group_id", referenced_group_id);
    v("prefix_list_id", prefix_list_id);
    v("description", description);
  }
};

struct SecurityGroupRecord {
  std::string group_id;
  std::string vpc_id;
  std::string name;
  std::string description;
  std::vector<RuleRecord> rules;  // in order of authorisation
  template <class V>
  void fields(V& v) {
    v("group_id", group_id);
    v("vpc_id", vpc_id);
    v("name", name);
    v("description", description);
    v("rules", rules);
  }
};

struct InternetGatewayRecord {
  std::string internet_gateway_id;
  std::string vpc_id;  // empty: not attached
  template <class V>
  void fields(V& v) {
    v("internet_gateway_id", internet_gateway_id);
    v("vpc_id", vpc_id);
  }
};

struct RouteRecord {
  std::string destination;  // IPv4 CIDR, or a prefix list's id
  std::string gateway_id;   // "local", igw-... or vpce-...
  std::string nat_gateway_id;
  std::string network_interface_id;
  std::string instance_id;  // that held the interface when the route was made through it
  template <class V>
  void fields(V& v) {
    v("destination", destination);
    v("gateway_id", gateway_id);
    v("nat_gateway_id", nat_gateway_id);
    v("network_interface_id", network_interface_id);
    v("instance_id", instance_id);
  }
};

struct RouteAssociationRecord {
  std::string association_id;  // rtbassoc-...
  std::string subnet_id;       // empty: the VPC's main association
  template <class V>
  void fields(V& v) {
    v("association_id", association_id);
    v("subnet_id", subnet_id);
  }
};

struct RouteTableRecord {
  std::string route_table_id;
  std::string vpc_id;
  std::vector<RouteRecord> routes;  // the first is the VPC's own, to "local"
  std::vector<RouteAssociationRecord> associations;
  template <class V>
  void fields(V& v) {
    v("route_table_id", route_table_id);
    v("vpc_id", vpc_id);
    v("routes", routes);
    v("associations", associations);
  }
};

// One rule of a network ACL; the last one, that denies all else, is shown and not stored.
struct AclEntryRecord {
  Direction direction = Direction::ingress;
  int64_t number = 0;           // 1 to 32766: the order in which they are tried
  std::string protocol = "-1";  // a number, "-1": all
  std::string action = "allow";
  std::string cidr_ipv4, cidr_ipv6;      // one of them
  int64_t from_port = -1, to_port = -1;  // of TCP and UDP
  int64_t icmp_type = -1, icmp_code = -1;
  template <class V>
  void fields(V& v) {
    v("direction", direction);
    v("number", number);
    v("protocol", protocol);
    v("action", action);
    v("cidr_ipv4", cidr_ipv4);
    v("cidr_ipv6", cidr_ipv6);
    v("from_port", from_port);
    v("to_port", to_port);
    v("icmp_type", icmp_type);
    v("icmp_code", icmp_code);
  }
};

struct NetworkAclRecord {
  std::string network_acl_id;
  std::string vpc_id;
  bool is_default = false;
  std::vector<AclEntryRecord> entries;  // egress after ingress, each in order of numbers
  template <class V>
  void fields(V& v) {
    v("network_acl_id", network_acl_id);
    v("vpc_id", vpc_id);
    v("is_default", is_default);
    v("entries", entries);
  }
};

struct InterfaceRecord {
  std::string interface_id;  // eni-...
  std::string vpc_id;
  std::string subnet_id;
  std::string availability_zone;
  std::string private_ip;
  std::string public_ip;  // one of Amazon's, lent until the instance stops; an Elastic IP's is in kAddresses
  std::string mac;
  std::string description;
  std::vector<std::string> group_ids;
  std::string type = "interface";       // as DescribeNetworkInterfaces says it
  std::string attachment = "workload";  // "workload", or "edge": a load balancer node's address
  std::string workload_id;              // instance or engine it belongs to; empty: none
  std::string instance_id;              // the same where it is an instance
  std::string attachment_id;            // eni-attach-..., empty: not attached
  Timestamp attached_at;
  std::string requester;  // service principal that made it; empty: a user
  bool delete_on_termination = false;
  bool source_dest_check = true;
  template <class V>
  void fields(V& v) {
    v("interface_id", interface_id);
    v("vpc_id", vpc_id);
    v("subnet_id", subnet_id);
    v("availability_zone", availability_zone);
    v("private_ip", private_ip);
    v("public_ip", public_ip);
    v("mac", mac);
    v("description", description);
    v("group_ids", group_ids);
    v("type", type);
    v("attachment", attachment);
    v("workload_id", workload_id);
    v("instance_id", instance_id);
    v("attachment_id", attachment_id);
    v("attached_at", attached_at);
    v("requester", requester);
    v("delete_on_termination", delete_on_termination);
    v("source_dest_check", source_dest_check);
  }
};

struct KeyPairRecord {
  std::string key_pair_id;  // key-...
  std::string name;
  std::string type;  // "rsa" or "ed25519"
  std::string fingerprint;
  std::string public_key;  // OpenSSH's text form
  Timestamp created_at;
  template <class V>
  void fields(V& v) {
    v("key_pair_id", key_pair_id);
    v("name", name);
    v("type", type);
    v("fingerprint", fingerprint);
    v("public_key", public_key);
    v("created_at", created_at);
  }
};

struct VolumeRecord {  // an instance's root volume: a name for the upper directory of its file system
  std::string volume_id;
  std::string instance_id;
  std::string availability_zone;
  std::string device;
  std::string type = "gp3";
  std::string snapshot_id;
  int64_t size_gib = 8;
  int64_t iops = 3000, throughput = 125;  // gp3's own
  Timestamp modified_at;                  // 0: never
  bool encrypted = false;
  bool delete_on_termination = true;
  Timestamp created_at;
  template <class V>
  void fields(V& v) {
    v("volume_id", volume_id);
    v("instance_id", instance_id);
    v("availability_zone", availability_zone);
    v("device", device);
    v("type", type);
    v("snapshot_id", snapshot_id);
    v("size_gib", size_gib);
    v("iops", iops);
    v("throughput", throughput);
    v("modified_at", modified_at);
    v("encrypted", encrypted);
    v("delete_on_termination", delete_on_termination);
    v("created_at", created_at);
  }
};

struct MetadataOptionsRecord {
  std::string http_tokens = "required";  // "required": IMDSv2 only
  std::string http_endpoint = "enabled";
  std::string instance_metadata_tags = "disabled";
  int64_t hop_limit = 2;
  template <class V>
  void fields(V& v) {
    v("http_tokens", http_tokens);
    v("http_endpoint", http_endpoint);
    v("instance_metadata_tags", instance_metadata_tags);
    v("hop_limit", hop_limit);
  }
};

// pending -> running -> stopping -> stopped -> pending ...
//     any of them -> shutting-down -> terminated -> (an hour later the record goes)
enum class LifeState { pending, running, shutting_down, terminated, stopping, stopped };

// What is told back as it was given, and has no effect.
struct InstanceSettingsRecord {
  std::string cpu_credits;  // "standard", "unlimited"; empty: the type's own
  std::string tenancy = "default";
  std::string capacity_reservation = "open";  // or "none", "capacity-reservations-only"
  std::string auto_recovery = "default";      // or "disabled"
  std::string hostname_type = "ip-name";      // or "resource-name"
  bool resource_name_a_record = false;
  int64_t core_count = 0, threads_per_core = 0;  // 0: the type's own
  template <class V>
  void fields(V& v) {
    v("cpu_credits", cpu_credits);
    v("tenancy", tenancy);
    v("capacity_reservation", capacity_reservation);
    v("auto_recovery", auto_recovery);
    v("hostname_type", hostname_type);
    v("resource_name_a_record", resource_name_a_record);
    v("core_count", core_count);
    v("threads_per_core", threads_per_core);
  }
};

struct InstanceRecord {
  std::string instance_id;
  std::string reservation_id;
  std::string image_id;
  std::string instance_type;
  std::string key_name;
  std::string interface_id;  // primary; empty once terminated
  std::string vpc_id;
  std::string subnet_id;
  std::string availability_zone;
  std::string private_ip;
  std::string private_dns_name;
  std::vector<std::string> group_ids;  // of the reservation; the interface's are what counts
  std::string volume_id;
  std::string instance_profile_arn;
  std::string instance_profile_id;
  std::string instance_profile_association_id;
  Secret user_data;  // decoded
  std::string client_token;
  std::string requester;  // service principal that launched it
  std::string shutdown_behavior = "stop";
  MetadataOptionsRecord metadata;
  InstanceSettingsRecord settings;
  int64_t launch_index = 0;
  bool disable_api_termination = false;
  bool disable_api_stop = false;
  bool ebs_optimized = false;
  bool detailed_monitoring = false;
  bool wants_public_ip = false;  // one is lent to its interface whenever it starts
  LifeState state = LifeState::pending;
  Timestamp state_since;
  Timestamp launched_at;
  std::string state_reason_code;
  std::string state_reason;
  std::string transition_reason;  // "User initiated (2026-11-22 10:00:00 GMT)"
  int64_t reboot_generation = 0;
  template <class V>
  void fields(V& v) {
    v("instance_id", instance_id);
    v("reservation_id", reservation_id);
    v("image_id", image_id);
    v("instance_type", instance_type);
    v("key_name", key_name);
    v("interface_id", interface_id);
    v("vpc_id", vpc_id);
    v("subnet_id", subnet_id);
    v("availability_zone", availability_zone);
    v("private_ip", private_ip);
    v("private_dns_name", private_dns_name);
    v("group_ids", group_ids);
    v("volume_id", volume_id);
    v("instance_profile_arn", instance_profile_arn);
    v("instance_profile_id", instance_profile_id);
    v("instance_profile_association_id", instance_profile_association_id);
    v("user_data", user_data);
    v("client_token", client_token);
    v("requester", requester);
    v("shutdown_behavior", shutdown_behavior);
    v("metadata", metadata);
    v("settings", settings);
    v("launch_index", launch_index);
    v("disable_api_termination", disable_api_termination);
    v("disable_api_stop", disable_api_stop);
    v("ebs_optimized", ebs_optimized);
    v("detailed_monitoring", detailed_monitoring);
    v("wants_public_ip", wants_public_ip);
    v("state", state);
    v("state_since", state_since);
    v("launched_at", launched_at);
    v("state_reason_code", state_reason_code);
    v("state_reason", state_reason);
    v("transition_reason", transition_reason);
    v("reboot_generation", reboot_generation);
  }
};

struct TagsRecord {
  std::string resource_type;  // "vpc", "instance", ...
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("resource_type", resource_type);
    v("tags", tags);
  }
};

struct ClientTokenRecord {  // what a call with the token made (RunInstances: the reservation), and of what
  std::string made_id;
  std::string parameters_hash;
  template <class V>
  void fields(V& v) {
    v("reservation_id", made_id);
    v("parameters_hash", parameters_hash);
  }
};

struct SetupRecord {  // of an account and region: that its default VPC was made once (a deleted one stays
                      // deleted)
  bool default_vpc_made = false;
  template <class V>
  void fields(V& v) {
    v("default_vpc_made", default_vpc_made);
  }
};

// What DescribeX, a loader and CreateTags need to know of a resource type.
template <class T>
struct Resource {
  store::Table<T> table;
  const char* type;                      // of a tag specification: "vpc"
  const char* prefix;                    // of ids: "vpc-"
  const char* not_found_code;            // "InvalidVpcID.NotFound"
  const char* not_found_text;            // with {} for the id
  const char* malformed_code = nullptr;  // "InvalidGroupId.Malformed"; null: what is no id is not found
};

inline constexpr Resource<VpcRecord> kVpcs{
    {"ec2.vpc"}, "vpc", "vpc-", "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"};
inline constexpr Resource<SubnetRecord> kSubnets{
    {"ec2.subnet"}, "subnet", "subnet-", "InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist"};
inline constexpr Resource<SecurityGroupRecord> kSecurityGroups{{"ec2.security_group"},
                                                               "security-group",
                                                               "sg-",
                                                               "InvalidGroup.NotFound",
                                                               "The security group '{}' does not exist",
                                                               "InvalidGroupId.Malformed"};
inline constexpr Resource<InternetGatewayRecord> kInternetGateways{
    {"ec2.internet_gateway"},
    "internet-gateway",
    "igw-",
    "InvalidInternetGatewayID.NotFound",
    "The internetGateway ID '{}' does not exist"};
inline constexpr Resource<RouteTableRecord> kRouteTables{{"ec2.route_table"},
                                                         "route-table",
                                                         "rtb-",
                                                         "InvalidRouteTableID.NotFound",
                                                         "The routeTable ID '{}' does not exist",
                                                         "InvalidRouteTableId.Malformed"};
inline constexpr Resource<NetworkAclRecord> kNetworkAcls{{"ec2.network_acl"},
                                                         "network-acl",
                                                         "acl-",
                                                         "InvalidNetworkAclID.NotFound",
                                                         "The networkAcl ID '{}' does not exist"};
inline constexpr Resource<InterfaceRecord> kInterfaces{{"ec2.interface"},
                                                       "network-interface",
                                                       "eni-",
                                                       "InvalidNetworkInterfaceID.NotFound",
                                                       "The networkInterface ID '{}' does not exist",
                                                       "InvalidNetworkInterfaceId.Malformed"};
inline constexpr Resource<KeyPairRecord> kKeyPairs{// rows by name
                                                   {"ec2.key_pair"},
                                                   "key-pair",
                                                   "key-",
                                                   "InvalidKeyPair.NotFound",
                                                   "The key pair '{}' does not exist"};
inline constexpr Resource<VolumeRecord> kVolumes{
    {"ec2.volume"}, "volume", "vol-", "InvalidVolume.NotFound", "The volume '{}' does not exist."};
inline constexpr Resource<InstanceRecord> kInstances{
    {"ec2.instance"}, "instance", "i-", "InvalidInstanceID.NotFound", "The instance ID '{}' does not exist"};

inline constexpr store::Table<TagsRecord> kTags{"ec2.tags"};  // id: of the resource
inline constexpr store::Table<ClientTokenRecord> kClientTokens{"ec2.client_token"};
inline constexpr store::Table<SetupRecord> kSetup{"ec2.setup"};  // one row, "setup"

}  // namespace landfall::ec2
