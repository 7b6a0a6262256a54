#include "services/elasticache/nodes.h"

#include <algorithm>
#include <set>

#include "elasticache/errors.h"
#include "services/acm/acm.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {
namespace {

// "<group>-001": the first number that no node has.
std::string next_id(const GroupRecord& record) {
  std::set<std::string> taken;
  for (const NodeRecord& node : record.nodes) taken.insert(node.cache_cluster_id);
  for (const NodeRecord& node : record.leaving) taken.insert(node.cache_cluster_id);
  for (int number = 1;; ++number) {
    const std::string digits = std::to_string(number);
    std::string id = *record.shown.ReplicationGroupId + "-" +
                     std::string(3 - std::min<size_t>(3, digits.size()), '0') + digits;
    if (!taken.contains(id)) return id;
  }
}

}  // namespace

NodeRecord& add_node(Call& call, GroupRecord& record, const std::string& subnet_id,
                     const std::string& address_suffix) {
  NodeRecord node;
  node.primary = record.nodes.empty();
  node.cache_cluster_id = next_id(record);
  node.workload_id = "cache-" + call.random().hex(16);
  node.volume = node.workload_id;
  const auto interface =
      ec2::create_service_interface(call, {.subnet_id = subnet_id,
                                           .group_ids = record.security_group_ids,
                                           .attachment = ec2::Attachment::workload,
                                           .workload_id = node.workload_id,
                                           .description = "ElastiCache " + node.cache_cluster_id,
                                           .requester = "amazon-elasticache"});
  node.interface_id = interface.interface_id;
  node.private_ip = interface.private_ip;
  node.availability_zone = interface.availability_zone;
  node.address = node.cache_cluster_id + address_suffix;
  ec2::put_private_name(call, record.vpc_id, node.address, {node.private_ip});
  record.nodes.push_back(std::move(node));
  return record.nodes.back();
}

void issue_certificate(Call& call, GroupRecord& record) {
  std::vector<std::string> names{record.primary_address, record.reader_address};
  for (const NodeRecord& node : record.nodes) {
    names.push_back(node.address);
    names.push_back(node.private_ip);
  }
  auto material = acm::issue_internal(call.plane, names);
  if (!material)
    throw ServiceError("InternalFailure", 500, "no certificate for the cache: " + material.error().message);
  record.certificate_pem = material->chain_pem;
  record.key_pem = material->key_pem;
}

void remove_node(Call& call, GroupRecord& record, const std::string& cache_cluster_id) {
  const auto node = std::ranges::find(record.nodes, cache_cluster_id, &NodeRecord::cache_cluster_id);
  undesire(call.txn, "Workload", node->workload_id);
  record.leaving.push_back(*node);
  record.nodes.erase(node);
}

void release_node(Call& call, const NodeRecord& node) {
  ec2::release_service_interface(call, node.interface_id);
  ec2::delete_private_name(call, node.address);
  undesire(call.txn, "Volume", node.volume);
}

std::vector<std::string> subnets_of(const Call& call, const GroupRecord& record) {
  std::vector<std::string> subnets;
  if (const auto group = call.rows(kSubnetGroups).get(record.subnet_group)) {
    for (const Subnet& subnet : group->shown.Subnets) subnets.push_back(*subnet.SubnetIdentifier);
  } else {
    for (const auto& subnet : ec2::subnets_of_vpc(call, record.vpc_id)) subnets.push_back(subnet.subnet_id);
  }
  return subnets;
}

void require_available(const GroupRecord& record) {
  if (*record.shown.Status != "available")
    throw InvalidReplicationGroupStateFault("Replication group " + *record.shown.ReplicationGroupId +
                                            " is not in available state: it is " + *record.shown.Status +
                                            ".");
}

}  // namespace landfall::elasticache
