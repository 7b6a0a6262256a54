#include "services/ec2/launch.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/ec2/addresses.h"
#include "services/ec2/image_parameters.h"
#include "services/ec2/images.h"
#include "services/ec2/instance_profile.h"
#include "services/ec2/instance_settings.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/instances.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/regions.h"
#include "services/ec2/volumes.h"

namespace landfall::ec2 {

inline constexpr size_t kMaxUserDataBytes = 16384;      // AWS: 16 KB before base64
inline constexpr int64_t kMaxInstancesPerLaunch = 100;  // more than one machine carries

// --- the launch template

namespace {

template <class T>
void overlay(std::optional<T>& base, const std::optional<T>& over) {
  if (over) base = over;
}
template <class T>
void overlay(std::vector<T>& base, const std::vector<T>& over) {
  if (!over.empty()) base = over;
}

// The template's tags and the request's; where both name a key, the request's.
std::vector<TagSpecification> merge_tags(const std::vector<TagSpecification>& base,
                                         const std::vector<TagSpecification>& over) {
  std::map<std::string, TagMap> merged;
  for (const auto* list : {&base, &over})
    for (const TagSpecification& specification : *list)
      for (const auto& [key, value] : tag_map(specification.Tags))
        merged[specification.ResourceType.value_or("")][key] = value;
  std::vector<TagSpecification> out;
  for (const auto& [type, tags] : merged) out.push_back({.ResourceType = type, .Tags = render_tags(tags)});
  return out;
}

// A subnet, groups or address in the request go into the template's interface, which replaces them.
void settle_interfaces(RunInstancesRequest& merged, const RunInstancesRequest& in) {
  if (!in.NetworkInterfaces.empty()) {
    merged.SubnetId = in.SubnetId;
    merged.SecurityGroupIds = in.SecurityGroupIds;
    merged.PrivateIpAddress = in.PrivateIpAddress;
  } else if (!merged.NetworkInterfaces.empty()) {
    InstanceNetworkInterfaceSpecification& interface = merged.NetworkInterfaces.front();
    if (in.SubnetId) interface.SubnetId = in.SubnetId;
    if (!in.SecurityGroupIds.empty()) interface.Groups = in.SecurityGroupIds;
    merged.SubnetId.reset();
    merged.SecurityGroupIds.clear();
  }
}

}  // namespace

RunInstancesRequest merge_launch_template(const Call& call, const RunInstancesRequest& in) {
  refuse(in, kLaunchRefusals);
  refuse(in, kRunInstancesRefusals);
  if (!in.LaunchTemplate) return in;
  const auto record =
      require_template(call, {in.LaunchTemplate->LaunchTemplateId, in.LaunchTemplate->LaunchTemplateName});
  const LaunchTemplateVersionRecord& version =
      require_version(*record, in.LaunchTemplate->Version.value_or(""));
  auto from_template = from_json<RunInstancesRequest>(to_json(version.data));
  LF_INVARIANT(from_template.has_value(),
               "launch template data: " + (from_template ? "" : from_template.error().message));
  RunInstancesRequest out = std::move(*from_template);
  const std::vector<TagSpecification> tags = merge_tags(out.TagSpecifications, in.TagSpecifications);
  overlay(out.BlockDeviceMappings, in.BlockDeviceMappings);
  overlay(out.ImageId, in.ImageId);
  overlay(out.InstanceType, in.InstanceType);
  overlay(out.KeyName, in.KeyName);
  overlay(out.Monitoring, in.Monitoring);
  overlay(out.Placement, in.Placement);
  overlay(out.SecurityGroupIds, in.SecurityGroupIds);
  overlay(out.SecurityGroups, in.SecurityGroups);
  overlay(out.SubnetId, in.SubnetId);
  overlay(out.UserData, in.UserData);
  overlay(out.CreditSpecification, in.CreditSpecification);
  overlay(out.MetadataOptions, in.MetadataOptions);
  overlay(out.DisableApiStop, in.DisableApiStop);
  overlay(out.DisableApiTermination, in.DisableApiTermination);
  overlay(out.InstanceInitiatedShutdownBehavior, in.InstanceInitiatedShutdownBehavior);
  overlay(out.PrivateIpAddress, in.PrivateIpAddress);
  overlay(out.NetworkInterfaces, in.NetworkInterfaces);
  overlay(out.IamInstanceProfile, in.IamInstanceProfile);
  overlay(out.EbsOptimized, in.EbsOptimized);
  overlay(out.CpuOptions, in.CpuOptions);
  overlay(out.CapacityReservationSpecification, in.CapacityReservationSpecification);
  overlay(out.PrivateDnsNameOptions, in.PrivateDnsNameOptions);
  overlay(out.MaintenanceOptions, in.MaintenanceOptions);
  settle_interfaces(out, in);
  refuse(out, kLaunchRefusals);  // what an older template asks for
  refuse(out, kRunInstancesRefusals);
  out.TagSpecifications = tags;
  out.ClientToken = in.ClientToken;
  out.MinCount = in.MinCount;
  out.MaxCount = in.MaxCount;
  return out;
}

// --- checks

namespace {

struct Place {
  std::string subnet_id;
  std::vector<std::string> group_ids;
  std::string private_ip;
  std::string existing_interface_id;
  std::string interface_description;
  bool delete_interface = true;
  bool public_ip = false;
};

std::string default_subnet(const Call& call, const RunInstancesRequest& in) {
  const auto vpc = default_vpc(call);
  if (!vpc)
    throw_error("VPCIdNotSpecified",
                "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.");
  const std::string zone = in.Placement ? in.Placement->AvailabilityZone.value_or("") : "";
  if (!zone.empty() && !find_zone(call.region, zone))
    throw_invalid(fmt::format("Invalid availability zone: [{}]", zone));
  for (const SubnetRecord& subnet : subnets_of(call, vpc->vpc_id))
    if (subnet.default_for_az && (zone.empty() || subnet.availability_zone == zone)) return subnet.subnet_id;
  throw_error(
      "MissingInput",
      fmt::format("No subnets found for the default VPC '{}'. Please specify a subnet.", vpc->vpc_id));
}

std::string group_by_name(const Call& call, const std::string& vpc_id, const std::string& name) {
  for (const auto& [id, group] : rows(call, kSecurityGroups).all())
    if (group->vpc_id == vpc_id && group->name == name) return id;
  throw_error("InvalidGroup.NotFound",
              fmt::format("The security group '{}' does not exist in VPC '{}'", name, vpc_id));
}

// PrivateIpAddress, or the one in the list of addresses.
std::string sole_address(const InstanceNetworkInterfaceSpecification& given) {
  if (given.PrivateIpAddresses.empty()) return given.PrivateIpAddress.value_or("");
  if (given.PrivateIpAddresses.size() > 1)
    throw_error("UnsupportedOperation",
                fmt::format("The parameter NetworkInterfaces.PrivateIpAddresses is not "
                            "supported with several of them: {}.",
                            kOneAddress));
  return given.PrivateIpAddresses.front().PrivateIpAddress.value_or("");
}

Place place_by_interface(const Call& call, const RunInstancesRequest& in) {
  if (in.NetworkInterfaces.size() > 1)
    throw_error("UnsupportedOperation", "An instance has one network interface in this version of Landfall");
  if (in.SubnetId)
    throw_error(
        "InvalidParameterCombination",
        "Network interfaces and an instance-level subnet ID may not be specified on the same request");
  if (!in.SecurityGroupIds.empty() || !in.SecurityGroups.empty())
    throw_error(
        "InvalidParameterCombination",
        "Network interfaces and an instance-level security groups may not be specified on the same request");
  const InstanceNetworkInterfaceSpecification& given = in.NetworkInterfaces.front();
  if (given.DeviceIndex.value_or(0) != 0)
    throw_invalid("The primary network interface must have device index 0");
  Place place;
  if (given.NetworkInterfaceId) {
    const auto interface = require(call, kInterfaces, *given.NetworkInterfaceId);
    if (!interface->attachment_id.empty())
      throw_error("InvalidNetworkInterface.InUse",
                  fmt::format("Interface: [{}] in use.", interface->interface_id));
    place.existing_interface_id = interface->interface_id;
    place.subnet_id = interface->subnet_id;
    place.delete_interface = given.DeleteOnTermination.value_or(false);
    if (given.AssociatePublicIpAddress.value_or(false))
      throw_error("InvalidParameterCombination",
                  "associatePublicIPAddress cannot be specified with a network interface ID");
    return place;
  }
  place.subnet_id = given.SubnetId ? *given.SubnetId : default_subnet(call, in);
  place.group_ids = given.Groups;
  place.private_ip = sole_address(given);
  place.interface_description = given.Description.value_or("");
  place.delete_interface = given.DeleteOnTermination.value_or(true);
  place.public_ip = given.AssociatePublicIpAddress.value_or(
      require(call, kSubnets, place.subnet_id)->map_public_ip_on_launch);
  return place;
}

Place choose_place(const Call& call, const RunInstancesRequest& in) {
  if (!in.NetworkInterfaces.empty()) return place_by_interface(call, in);
  Place place;
  place.subnet_id = in.SubnetId ? *in.SubnetId : default_subnet(call, in);
  const auto subnet = require(call, kSubnets, place.subnet_id);
  place.group_ids = in.SecurityGroupIds;
  for (const std::string& name : in.SecurityGroups)
    place.group_ids.push_back(group_by_name(call, subnet->vpc_id, name));
  place.private_ip = in.PrivateIpAddress.value_or("");
  place.public_ip = subnet->map_public_ip_on_launch;
  return place;
}

Secret decode_user_data(const std::optional<std::string>& text) {
  if (!text || text->empty()) return {};
  auto bytes = from_base64(*text);
  if (!bytes) throw_error("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  if (bytes->size() > kMaxUserDataBytes) throw_invalid("User data is limited to 16384 bytes");
  return Secret(std::move(*bytes));
}

MetadataOptionsRecord metadata_options(const RunInstancesRequest& in) {
  MetadataOptionsRecord out;
  if (in.MetadataOptions) {
    out.http_tokens = in.MetadataOptions->HttpTokens.value_or(out.http_tokens);
    out.http_endpoint = in.MetadataOptions->HttpEndpoint.value_or(out.http_endpoint);
    out.instance_metadata_tags =
        in.MetadataOptions->InstanceMetadataTags.value_or(out.instance_metadata_tags);
    out.hop_limit = in.MetadataOptions->HttpPutResponseHopLimit.value_or(out.hop_limit);
  }
  check_metadata_options(out);
  return out;
}

void check_image_fits(const ImageFacts& image, const InstanceTypeFacts& type) {
  if (image.architecture == type.architecture) return;
  const auto text = [](Architecture a) { return a == Architecture::arm64 ? "arm64" : "x86_64"; };
  throw_invalid(
      fmt::format("The architecture '{}' of the specified instance type does not match the architecture '{}' "
                  "of the specified AMI. "
                  "Specify an instance type and an AMI that have matching architectures, and try again.",
                  text(type.architecture), text(image.architecture)));
}

// What all instances of one launch have in common.
InstanceRecord make_pattern(const Call& call, const RunInstancesRequest& in) {
  if (!in.ImageId) throw_missing("ImageId");
  const std::string image_id = resolved_image(call, *in.ImageId);
  const ImageFacts* image = find_image(image_id);
  if (image == nullptr)
    throw_error("InvalidAMIID.NotFound", fmt::format("The image id '[{}]' does not exist", image_id));
  const std::string type_name = in.InstanceType.value_or("t3.micro");
  const InstanceTypeFacts* type = find_instance_type(type_name);
  if (type == nullptr) throw_invalid(fmt::format("Invalid value '{}' for InstanceType.", type_name));
  check_image_fits(*image, *type);
  InstanceRecord out;
  out.image_id = image->id;
  out.instance_type = type_name;
  if (in.KeyName) out.key_name = require(call, kKeyPairs, *in.KeyName)->name;
  if (in.IamInstanceProfile) {
    const InstanceProfile profile =
        require_instance_profile(call, {in.IamInstanceProfile->Arn, in.IamInstanceProfile->Name});
    out.instance_profile_arn = profile.arn;
    out.instance_profile_id = profile.id;
  }
  out.user_data = decode_user_data(in.UserData);
  out.client_token = in.ClientToken.value_or("");
  out.requester = call.caller.service;
  out.shutdown_behavior = in.InstanceInitiatedShutdownBehavior.value_or("stop");
  out.metadata = metadata_options(in);
  out.settings = settings_of(in, *type);
  check_block_devices(in.BlockDeviceMappings, *image);
  out.disable_api_termination = in.DisableApiTermination.value_or(false);
  out.disable_api_stop = in.DisableApiStop.value_or(false);
  out.ebs_optimized = in.EbsOptimized.value_or(false);
  out.detailed_monitoring = in.Monitoring && in.Monitoring->Enabled.value_or(false);
  out.state = LifeState::pending;
  out.state_since = out.launched_at = call.now;
  return out;
}

VolumeRecord make_volume(Call& call, const RunInstancesRequest& in, const InstanceRecord& instance) {
  const ImageFacts* image = find_image(instance.image_id);
  VolumeRecord out{.volume_id = new_id(call, kVolumes.prefix), .instance_id = instance.instance_id};
  out.availability_zone = instance.availability_zone;
  out.device = image->root_device;
  out.snapshot_id = image->snapshot_id;
  out.created_at = call.now;
  for (const BlockDeviceMapping& mapping : in.BlockDeviceMappings)
    if (mapping.Ebs) take_root_settings(out, *mapping.Ebs);
  check_volume(out);
  return out;
}

void place_instance(Call& call, InstanceRecord& instance, const Place& place) {
  InterfaceRecord interface;
  if (place.existing_interface_id.empty()) {
    interface = create_interface(call, {.subnet_id = place.subnet_id,
                                        .group_ids = place.group_ids,
                                        .private_ip = place.private_ip,
                                        .description = place.interface_description,
                                        .workload_id = instance.instance_id,
                                        .instance_id = instance.instance_id,
                                        .requester = {},
                                        .delete_on_termination = place.delete_interface});
  } else {
    attach_interface(call, place.existing_interface_id, instance.instance_id, instance.instance_id,
                     place.delete_interface);
    interface = *require(call, kInterfaces, place.existing_interface_id);
  }
  instance.interface_id = interface.interface_id;
  instance.wants_public_ip = place.public_ip;
  if (place.public_ip) lend_public_address(call, interface.interface_id);
  instance.vpc_id = interface.vpc_id;
  instance.subnet_id = interface.subnet_id;
  instance.availability_zone = interface.availability_zone;
  instance.private_ip = interface.private_ip;
  instance.private_dns_name = private_dns_name(call.region, interface.private_ip);
  instance.group_ids = interface.group_ids;
}

int64_t count_of(const Call& call, const RunInstancesRequest& in, const Place& place) {
  const int64_t min = in.MinCount.value_or(1), max = in.MaxCount.value_or(1);
  if (min < 1)
    throw_invalid(fmt::format("Value ({}) for parameter minCount is invalid. Minimum value is 1.", min));
  if (max < min)
    throw_invalid(
        fmt::format("Value ({}) for parameter maxCount is invalid. It must be at least minCount.", max));
  if (min > kMaxInstancesPerLaunch)
    throw_error(
        "InstanceLimitExceeded",
        fmt::format("Your request exceeds the limit of {} instances for one launch", kMaxInstancesPerLaunch));
  if ((!place.private_ip.empty() || !place.existing_interface_id.empty()) && max > 1)
    throw_error("InvalidParameterCombination",
                "A private IP address or network interface can be given for one instance only");
  const auto free = static_cast<int64_t>(free_addresses(call, *require(call, kSubnets, place.subnet_id)));
  if (place.existing_interface_id.empty() && free < min)
    throw_error("InsufficientFreeAddressesInSubnet",
                fmt::format("There are not enough free addresses in subnet '{}' to satisfy the requested "
                            "number of instances.",
                            place.subnet_id));
  return place.existing_interface_id.empty() ? std::min({max, free, kMaxInstancesPerLaunch}) : 1;
}

// What EC2 itself notes on an instance; Terraform's provider finds the template by it.
void tag_with_template(Call& call, const std::string& instance_id, const LaunchTemplateSpecification& given) {
  const auto record = require_template(call, {given.LaunchTemplateId, given.LaunchTemplateName});
  Call service = call.as_service("ec2.amazonaws.com");
  put_tags(service, instance_id, "instance",
           {{"aws:ec2launchtemplate:id", record->launch_template_id},
            {"aws:ec2launchtemplate:version",
             std::to_string(require_version(*record, given.Version.value_or("")).number)}});
}

}  // namespace

std::vector<InstanceRecord> launch(Call& call, const RunInstancesRequest& request) {
  const RunInstancesRequest in = merge_launch_template(call, request);
  InstanceRecord pattern = make_pattern(call, in);
  const Place place = choose_place(call, in);
  const int64_t count = count_of(call, in, place);
  const auto tags = [&](std::string_view type) {
    return tags_for(in.TagSpecifications, type,
                    {"instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"});
  };
  pattern.reservation_id = new_id(call, "r-");
  std::vector<InstanceRecord> out;
  for (int64_t index = 0; index < count; ++index) {
    InstanceRecord instance = pattern;
    instance.instance_id = new_id(call, kInstances.prefix);
    instance.launch_index = index;
    if (!instance.instance_profile_arn.empty())
      instance.instance_profile_association_id = new_id(call, "iip-assoc-");
    place_instance(call, instance, place);
    const VolumeRecord volume = make_volume(call, in, instance);
    instance.volume_id = volume.volume_id;
    rows(call, kVolumes).put(volume.volume_id, volume);
    put_tags(call, instance.instance_id, "instance", tags("instance"));
    if (request.LaunchTemplate) tag_with_template(call, instance.instance_id, *request.LaunchTemplate);
    put_tags(call, volume.volume_id, "volume", tags("volume"));
    put_tags(call, instance.interface_id, "network-interface", tags("network-interface"));
    put_instance(call, instance);
    out.push_back(std::move(instance));
  }
  publish_metadata(call, out.front().vpc_id);
  return out;
}

}  // namespace landfall::ec2
