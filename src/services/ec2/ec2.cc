#include "services/ec2/ec2.h"

#include "gateway/observations.h"
#include "services/ec2/images.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/instances.h"
#include "services/ec2/network.h"
#include "services/ec2/regions.h"
#include "services/ec2/resources.h"
#include "services/route53/snapshot.h"

namespace landfall::ec2 {

// --- interfaces

ServiceInterface create_service_interface(Call& call, const ServiceInterfaceOptions& options) {
  const bool edge = options.attachment == Attachment::edge;
  LF_INVARIANT(edge == options.workload_id.empty(),
               "a workload's interface names its workload, and edge's does not");
  const InterfaceRecord record = create_interface(call, {.subnet_id = options.subnet_id,
                                                         .group_ids = options.group_ids,
                                                         .private_ip = {},
                                                         .description = options.description,
                                                         .attachment = edge ? "edge" : "workload",
                                                         .workload_id = options.workload_id,
                                                         .instance_id = {},
                                                         .requester = options.requester});
  return {record.interface_id, record.private_ip, record.vpc_id, record.availability_zone};
}

void release_service_interface(Call& call, const std::string& interface_id) {
  if (rows(call, kInterfaces).has(interface_id)) delete_interface(call, interface_id);
}

void set_service_interface_groups(Call& call, const std::string& interface_id,
                                  const std::vector<std::string>& group_ids) {
  InterfaceRecord record = *require(call, kInterfaces, interface_id);
  check_groups(call, group_ids, record.vpc_id, record.subnet_id);
  record.group_ids = group_ids;
  put_interface(call, std::move(record));
}

bool interface_is_up(const ControlPlane& plane, const std::string& interface_id) {
  const auto status = plane.observations.get<host::InterfaceStatus>("Interface", interface_id);
  return status && status->state == "in-use";
}

// --- lookups

static VpcView view_of(const VpcRecord& vpc) {
  return {vpc.vpc_id, vpc.cidr, vpc.default_group_id, vpc.is_default};
}
static SubnetView view_of(const SubnetRecord& s) {
  return {s.subnet_id, s.vpc_id, s.cidr, s.availability_zone, s.default_for_az};
}
static InstanceView view_of(const InstanceRecord& i) {
  return {.instance_id = i.instance_id,
          .state = state_name(i.state),
          .state_reason_code = i.state_reason_code,
          .private_ip = i.private_ip,
          .private_dns_name = i.private_dns_name,
          .vpc_id = i.vpc_id,
          .subnet_id = i.subnet_id,
          .availability_zone = i.availability_zone,
          .instance_type = i.instance_type,
          .image_id = i.image_id,
          .launched_at = i.launched_at,
          .state_since = i.state_since};
}

std::optional<VpcView> find_vpc(const Call& call, std::string_view vpc_id) {
  const auto vpc = rows(call, kVpcs).get(vpc_id);
  return vpc ? std::optional(view_of(*vpc)) : std::nullopt;
}
std::optional<VpcView> find_default_vpc(const Call& call) {
  const auto vpc = default_vpc(call);
  return vpc ? std::optional(view_of(*vpc)) : std::nullopt;
}
std::optional<SubnetView> find_subnet(const Call& call, std::string_view subnet_id) {
  const auto subnet = rows(call, kSubnets).get(subnet_id);
  return subnet ? std::optional(view_of(*subnet)) : std::nullopt;
}
std::vector<SubnetView> subnets_of_vpc(const Call& call, std::string_view vpc_id) {
  std::vector<SubnetView> out;
  for (const SubnetRecord& subnet : subnets_of(call, vpc_id)) out.push_back(view_of(subnet));
  return out;
}
std::optional<GroupView> find_group(const Call& call, std::string_view group_id) {
  const auto group = rows(call, kSecurityGroups).get(group_id);
  return group ? std::optional(GroupView{group->group_id, group->vpc_id, group->name}) : std::nullopt;
}
std::optional<InstanceView> find_instance(const Call& call, std::string_view instance_id) {
  const auto instance = rows(call, kInstances).get(instance_id);
  return instance ? std::optional(view_of(*instance)) : std::nullopt;
}
std::optional<InstanceView> find_instance_by_address(const Call& call, std::string_view vpc_id,
                                                     std::string_view private_ip) {
  std::optional<InstanceView> found;
  rows(call, kInstances).each([&](std::string_view, const InstanceRecord& instance) {
    if (instance.vpc_id == vpc_id && instance.private_ip == private_ip) found = view_of(instance);
  });
  return found;
}

std::vector<std::string> availability_zones(const Call& call) {
  std::vector<std::string> out;
  for (const Zone& zone : zones_of(call.region)) out.push_back(zone.name);
  return out;
}
std::string availability_zone_id(const Call& call, std::string_view zone_name) {
  return zone_id_of(call.region, zone_name);
}
std::string default_image_id(bool arm64) {
  return std::string(default_image(arm64 ? Architecture::arm64 : Architecture::x86_64).id);
}
bool image_exists(std::string_view image_id) { return find_image(image_id) != nullptr; }
bool instance_type_exists(std::string_view instance_type) {
  return find_instance_type(instance_type) != nullptr;
}

void watch_instances(ControlPlane& plane, std::function<void(std::string_view key)> changed) {
  plane.store.watch(kInstances.table,
                    [changed = std::move(changed)](const store::Change& change) { changed(change.id); });
}

// --- private DNS

void put_private_name(Call& call, std::string_view vpc_id, std::string_view name,
                      const std::vector<std::string>& addresses, int64_t ttl_seconds) {
  route53::NameSnapshot snapshot;
  snapshot.name = name;
  snapshot.vpc_id = vpc_id;
  snapshot.vpc_addresses = addresses;
  snapshot.ttl = ttl_seconds;
  publish(call.txn, route53::kNameSnapshotKind, name, snapshot);
}

void delete_private_name(Call& call, std::string_view name) {
  unpublish(call.txn, route53::kNameSnapshotKind, name);
}

}  // namespace landfall::ec2
