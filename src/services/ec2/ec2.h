// EC2 for other services: what they need beyond its operations (ec2/operations.h), which they call in
// process:
//   ec2::RunInstances(call.as_service("autoscaling.amazonaws.com"), request)
//
// All functions run inside the caller's transaction and throw ServiceError with EC2's codes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "services/service.h"

namespace landfall::net {
struct AdmissionRules;
}

namespace landfall::ec2 {

std::unique_ptr<Service> make_service(ControlPlane& plane);

// --- interfaces of services: load balancer nodes, database and cache engines

enum class Attachment {
  edge,      // the address is on the VPC's router, for edge to listen on and connect from (a load balancer's
             // node)
  workload,  // of the workload that `workload_id` names (an engine's Workload document, which the service
             // itself desires)
};

struct ServiceInterfaceOptions {
  std::string subnet_id;
  std::vector<std::string> group_ids;  // empty: the VPC's default group
  Attachment attachment = Attachment::workload;
  std::string workload_id;  // of Attachment::workload
  std::string description;  // "ELB app/my-alb/50dc6c495c0c9188"
  std::string requester;    // "amazon-elb"; shown as RequesterId
};
struct ServiceInterface {
  std::string interface_id;
  std::string private_ip;
  std::string vpc_id;
  std::string availability_zone;
};
// The Interface document for host is written with it; host makes the address real.
ServiceInterface create_service_interface(Call& call, const ServiceInterfaceOptions& options);
// Nothing happens if it is gone already.
void release_service_interface(Call& call, const std::string& interface_id);
void set_service_interface_groups(Call& call, const std::string& interface_id,
                                  const std::vector<std::string>& group_ids);
// What host says: true once the address is up.
bool interface_is_up(const ControlPlane& plane, const std::string& interface_id);

// What may connect to it from outside its VPC, over TCP: its groups and its subnet's network ACL. Nothing if
// it is gone.
net::AdmissionRules admission_rules(const Call& call, const std::string& interface_id);
// Called after each commit that changes any security group, network ACL or subnet; must not commit (enqueue).
void watch_admission(ControlPlane& plane, const std::function<void()>& changed);

// --- public addresses: of the range that --public-cidr gives, lent to one owner (a resource's id or ARN) at
// a time. Throws InsufficientAddressCapacity.
std::string allocate_public_address(Call& call, const std::string& owner);
void release_public_address(Call& call, const std::string& address);

// --- lookups; null or nothing if absent

struct VpcView {
  std::string vpc_id, cidr, default_group_id;
  bool is_default = false;
};
struct SubnetView {
  std::string subnet_id, vpc_id, cidr, availability_zone;
  bool default_for_az = false;
};
struct GroupView {
  std::string group_id, vpc_id, name;
};
struct InstanceView {
  std::string instance_id;
  std::string state;  // "pending", "running", "shutting-down", "terminated", "stopping", "stopped"
  std::string state_reason_code;
  std::string private_ip, private_dns_name, vpc_id, subnet_id, availability_zone, instance_type, image_id;
  Timestamp launched_at, state_since;
  bool running() const { return state == "running"; }
  // What Auto Scaling replaces: EC2 says that it runs no more, or is about to.
  bool unhealthy() const { return state != "pending" && state != "running"; }
};
std::optional<VpcView> find_vpc(const Call& call, std::string_view vpc_id);
std::optional<VpcView> find_default_vpc(const Call& call);
std::optional<SubnetView> find_subnet(const Call& call, std::string_view subnet_id);
std::vector<SubnetView> subnets_of_vpc(const Call& call, std::string_view vpc_id);
std::optional<GroupView> find_group(const Call& call, std::string_view group_id);
std::optional<InstanceView> find_instance(const Call& call, std::string_view instance_id);
// Of the interface that holds the address in that VPC: load balancer targets by address.
std::optional<InstanceView> find_instance_by_address(const Call& call, std::string_view vpc_id,
                                                     std::string_view private_ip);

// The names of this call's region's Availability Zones: "us-east-1a", ...
std::vector<std::string> availability_zones(const Call& call);
std::string availability_zone_id(const Call& call, std::string_view zone_name);
// The newest Amazon Linux 2023: what a service launches that is not told.
std::string default_image_id(bool arm64 = false);
bool image_exists(std::string_view image_id);
bool instance_type_exists(std::string_view instance_type);

// Called after each commit that changes an instance, with its key "account/region/i-1"; must not commit
// (enqueue).
void watch_instances(ControlPlane& plane, std::function<void(std::string_view key)> changed);

// Makes 172.31.0.0/16 with a subnet in each zone, once in the life of an account and region: at Landfall's
// start in its own, elsewhere when somebody first looks (the Describe operations of what it consists of, and
// every use of the default VPC).
void ensure_default_vpc(Call& call);

// --- private DNS: a name that the resolver of that VPC answers with the addresses (an engine's endpoint).
// Written as the NameSnapshot of Route 53 (services/route53/snapshot.h); a name belongs to one VPC.
void put_private_name(Call& call, std::string_view vpc_id, std::string_view name,
                      const std::vector<std::string>& addresses, int64_t ttl_seconds = 5);
void delete_private_name(Call& call, std::string_view name);

}  // namespace landfall::ec2
