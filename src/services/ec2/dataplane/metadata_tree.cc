#include "services/ec2/dataplane/metadata_tree.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <vector>

namespace landfall::ec2 {

static std::string lines(const std::vector<std::string>& values) {
  return fmt::format("{}", fmt::join(values, "\n"));
}

MetadataTree::MetadataTree(const MetadataSnapshot& vpc, const InstanceMetadata& i) {
  add("meta-data/ami-id", i.image_id);
  add("meta-data/ami-launch-index", std::to_string(i.launch_index));
  add("meta-data/ami-manifest-path", "(unknown)");
  add("meta-data/block-device-mapping/ami", "/dev/xvda");
  add("meta-data/block-device-mapping/root", "/dev/xvda");
  add("meta-data/events/maintenance/history", "[]");
  add("meta-data/events/maintenance/scheduled", "[]");
  add("meta-data/hostname", i.hostname);
  add("meta-data/instance-action", "none");
  add("meta-data/instance-id", i.instance_id);
  add("meta-data/instance-life-cycle", "on-demand");
  add("meta-data/instance-type", i.instance_type);
  add("meta-data/local-hostname", i.hostname);
  add("meta-data/local-ipv4", i.private_ip);
  add("meta-data/mac", i.mac);
  add("meta-data/profile", "default-hvm");
  add("meta-data/reservation-id", i.reservation_id);
  add("meta-data/security-groups", lines(i.security_group_names));
  add("meta-data/services/domain", "amazonaws.com");
  add("meta-data/services/partition", vpc.partition);
  add("meta-data/system", "nitro");
  add_placement(vpc, i);
  add_interface(vpc, i);
  add_public_key(i);
  if (!i.profile_arn.empty()) add(kIamInfo, "");
  if (!i.role_name.empty()) add(std::string(kCredentialsDirectory) + "/" + i.role_name, "");
  if (!i.lifecycle_state.empty()) add("meta-data/autoscaling/target-lifecycle-state", i.lifecycle_state);
  if (i.tags_enabled)
    for (const auto& [key, value] : i.tags) add("meta-data/tags/instance/" + key, value);
  add("dynamic/instance-identity/document", identity_document(vpc, i));
  if (!i.user_data.empty()) add("user-data", i.user_data.reveal());
}

void MetadataTree::add_placement(const MetadataSnapshot& vpc, const InstanceMetadata& i) {
  add("meta-data/placement/availability-zone", i.availability_zone);
  add("meta-data/placement/availability-zone-id", i.availability_zone_id);
  add("meta-data/placement/region", vpc.region);
}

void MetadataTree::add_interface(const MetadataSnapshot& vpc, const InstanceMetadata& i) {
  const std::string at = "meta-data/network/interfaces/macs/" + i.mac + "/";
  add(at + "device-number", "0");
  add(at + "interface-id", i.interface_id);
  add(at + "local-hostname", i.hostname);
  add(at + "local-ipv4s", i.private_ip);
  add(at + "mac", i.mac);
  add(at + "owner-id", vpc.account);
  add(at + "security-group-ids", lines(i.security_group_ids));
  add(at + "security-groups", lines(i.security_group_names));
  add(at + "subnet-id", i.subnet_id);
  add(at + "subnet-ipv4-cidr-block", i.subnet_cidr);
  add(at + "vpc-id", vpc.vpc_id);
  add(at + "vpc-ipv4-cidr-block", vpc.vpc_cidrs.empty() ? "" : vpc.vpc_cidrs.front());
  add(at + "vpc-ipv4-cidr-blocks", lines(vpc.vpc_cidrs));
}

void MetadataTree::add_public_key(const InstanceMetadata& i) {
  if (i.public_key.empty()) return;
  add("meta-data/public-keys/0/openssh-key", i.public_key + "\n");
  listed_as_.emplace("meta-data/public-keys/0", "0=" + i.key_name);
}

std::optional<std::string> MetadataTree::find(std::string_view path) const {
  const bool slash = path.ends_with('/');
  const std::string name(slash ? path.substr(0, path.size() - 1) : path);
  if (!slash) {
    if (const auto leaf = leaves_.find(name); leaf != leaves_.end()) return leaf->second;
  }
  return listing(name);
}

std::optional<std::string> MetadataTree::listing(const std::string& directory) const {
  const std::string prefix = directory + "/";
  std::set<std::string> names;
  for (auto leaf = leaves_.lower_bound(prefix); leaf != leaves_.end() && leaf->first.starts_with(prefix);
       ++leaf) {
    const std::string_view rest = std::string_view(leaf->first).substr(prefix.size());
    const size_t end = rest.find('/');
    const std::string child(rest.substr(0, end));
    const auto special = listed_as_.find(prefix + child);
    names.insert(special != listed_as_.end()     ? special->second
                 : end == std::string_view::npos ? child
                                                 : child + "/");
  }
  if (names.empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(names, "\n"));
}

std::string identity_document(const MetadataSnapshot& vpc, const InstanceMetadata& i) {
  // Nothing of it needs escaping: ids, names of AWS's own, addresses.
  return fmt::format(R"({{
  "accountId" : "{}",
  "architecture" : "{}",
  "availabilityZone" : "{}",
  "billingProducts" : null,
  "devpayProductCodes" : null,
  "marketplaceProductCodes" : null,
  "imageId" : "{}",
  "instanceId" : "{}",
  "instanceType" : "{}",
  "kernelId" : null,
  "pendingTime" : "{}",
  "privateIp" : "{}",
  "ramdiskId" : null,
  "region" : "{}",
  "version" : "2017-09-30"
}})",
                     vpc.account, i.architecture, i.availability_zone, i.image_id, i.instance_id,
                     i.instance_type, i.pending_time, i.private_ip, vpc.region);
}

}  // namespace landfall::ec2
