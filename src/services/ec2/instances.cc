#include "services/ec2/instances.h"

#include <algorithm>

#include "services/ec2/addresses.h"
#include "services/ec2/images.h"
#include "services/ec2/instance_profile.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/network.h"
#include "services/ec2/regions.h"
#include "services/ec2/render.h"
#include "services/ec2/snapshot.h"
#include "services/ec2/vpc_endpoints.h"
#include "services/ec2/workload.h"

namespace landfall::ec2 {

// --- states

namespace {
struct StateFacts {
  const char* name;
  int64_t code;
};
StateFacts facts_of(LifeState state) {
  switch (state) {
    case LifeState::pending:
      return {"pending", 0};
    case LifeState::running:
      return {"running", 16};
    case LifeState::shutting_down:
      return {"shutting-down", 32};
    case LifeState::terminated:
      return {"terminated", 48};
    case LifeState::stopping:
      return {"stopping", 64};
    case LifeState::stopped:
      return {"stopped", 80};
  }
  LF_INVARIANT(false, "no such instance state");
}
}  // namespace

std::string state_name(LifeState state) { return facts_of(state).name; }

InstanceState render_state(LifeState state) {
  const StateFacts facts = facts_of(state);
  return {.Code = facts.code, .Name = facts.name};
}

InstanceStateChange state_change(const std::string& id, LifeState before, LifeState after) {
  InstanceStateChange out;
  out.InstanceId = id;
  out.CurrentState = render_state(after);
  out.PreviousState = render_state(before);
  return out;
}

// --- finding

static void check_instance_id(const std::string& id) {
  const bool good = id.starts_with("i-") && (id.size() == 10 || id.size() == 19) &&
                    id.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
  if (!good) throw_error("InvalidInstanceID.Malformed", fmt::format("Invalid id: \"{}\"", id));
}

std::vector<std::shared_ptr<const InstanceRecord>> require_instances(const Call& call,
                                                                     const std::vector<std::string>& ids) {
  for (const std::string& id : ids) check_instance_id(id);
  std::vector<std::shared_ptr<const InstanceRecord>> found;
  std::vector<std::string> missing;
  for (const std::string& id : ids) {
    auto record = rows(call, kInstances).get(id);
    record ? found.push_back(std::move(record)) : missing.push_back(id);
  }
  if (missing.size() == 1) throw_not_found(kInstances, missing.front());
  if (!missing.empty())
    throw_error(kInstances.not_found_code,
                fmt::format("The instance IDs '{}' do not exist", fmt::join(missing, ", ")));
  return found;
}

std::shared_ptr<const InstanceRecord> require_instance(const Call& call,
                                                       const std::optional<std::string>& id) {
  if (!id) throw_missing("instanceId");
  return require_instances(call, {*id}).front();
}

void check_metadata_options(const MetadataOptionsRecord& options) {
  if (options.hop_limit < 1 || options.hop_limit > 64)
    throw_invalid(fmt::format(
        "Value ({}) for parameter HttpPutResponseHopLimit is invalid. It must be between 1 and 64.",
        options.hop_limit));
}

// --- what follows from a record

static std::string public_key_of(const Call& call, const std::string& key_name) {
  const auto key = key_name.empty() ? nullptr : rows(call, kKeyPairs).get(key_name);
  return key ? key->public_key : "";
}

void put_instance(Call& call, const InstanceRecord& instance) {
  rows(call, kInstances).put(instance.instance_id, instance);
  if (instance.state == LifeState::shutting_down || instance.state == LifeState::terminated) {
    undesire(call.txn, "Workload", instance.instance_id);
  } else {
    desire(call.txn, "Workload", instance.instance_id,
           desired_workload(instance, public_key_of(call, instance.key_name),
                            ca_certificate(call.plane.config)));
  }
}

static InstanceMetadata metadata_of(const Call& call, const InstanceRecord& instance) {
  InstanceMetadata out;
  const auto interface = require(call, kInterfaces, instance.interface_id);
  const auto subnet = require(call, kSubnets, instance.subnet_id);
  const auto* type = find_instance_type(instance.instance_type);
  out.instance_id = instance.instance_id;
  out.image_id = instance.image_id;
  out.instance_type = instance.instance_type;
  out.architecture = type->architecture == Architecture::arm64 ? "arm64" : "x86_64";
  out.availability_zone = instance.availability_zone;
  out.availability_zone_id = zone_id_of(call.region, instance.availability_zone);
  out.private_ip = instance.private_ip;
  out.hostname = instance.private_dns_name;
  out.mac = interface->mac;
  out.interface_id = interface->interface_id;
  out.subnet_id = subnet->subnet_id;
  out.subnet_cidr = subnet->cidr;
  for (const GroupIdentifier& group : render_groups(call, interface->group_ids)) {
    out.security_group_ids.push_back(*group.GroupId);
    out.security_group_names.push_back(*group.GroupName);
  }
  out.reservation_id = instance.reservation_id;
  out.key_name = instance.key_name;
  out.public_key = public_key_of(call, instance.key_name);
  out.launch_index = instance.launch_index;
  out.pending_time = format_iso8601({instance.launched_at.unix_ms / 1000 * 1000});
  out.user_data = instance.user_data;
  out.profile_arn = instance.instance_profile_arn;
  out.profile_id = instance.instance_profile_id;
  if (!instance.instance_profile_arn.empty()) {
    if (const auto profile =
            find_instance_profile(call, profile_name_of_arn(instance.instance_profile_arn))) {
      out.role_name = profile->role_name;
      out.role_arn = profile->role_arn;
      out.role_id = profile->role_id;
    }
  }
  out.tags_enabled = instance.metadata.instance_metadata_tags == "enabled";
  if (out.tags_enabled) out.tags = tags_of(call, instance.instance_id);
  out.endpoint_enabled = instance.metadata.http_endpoint == "enabled";
  out.token_required = instance.metadata.http_tokens == "required";
  out.hop_limit = instance.metadata.hop_limit;
  return out;
}

void publish_metadata(Call& call, std::string_view vpc_id) {
  const auto vpc = rows(call, kVpcs).get(vpc_id);
  if (!vpc) return unpublish(call.txn, kMetadataSnapshotKind, vpc_id);
  MetadataSnapshot snapshot;
  snapshot.vpc_id = vpc_id;
  snapshot.vpc_cidrs.push_back(vpc->cidr);
  snapshot.dns_support = vpc->enable_dns_support;
  snapshot.account = call.account;
  snapshot.region = call.region;
  snapshot.partition = call.partition();
  rows(call, kInstances).each([&](std::string_view, const InstanceRecord& instance) {
    const bool gone = instance.state == LifeState::shutting_down || instance.state == LifeState::terminated;
    if (!gone && instance.vpc_id == vpc_id)
      snapshot.instances.emplace(instance.private_ip, metadata_of(call, instance));
  });
  snapshot.endpoints = endpoint_snapshots(call, vpc_id);
  publish(call.txn, kMetadataSnapshotKind, vpc_id, snapshot);
}

// --- transitions

static void enter(const Call& call, InstanceRecord& instance, LifeState state) {
  instance.state = state;
  instance.state_since = call.now;
}

// "2026-11-22 10:00:00 GMT"
static std::string transition_time(Timestamp now) {
  std::string text = format_iso8601({now.unix_ms / 1000 * 1000});
  text[10] = ' ';
  text.pop_back();
  return text + " GMT";
}

static void note_reason(const Call& call, InstanceRecord& instance, const StateReasonText& reason) {
  instance.state_reason_code = reason.code;
  instance.state_reason = reason.message;
  instance.transition_reason = reason.code == "Client.UserInitiatedShutdown"
                                   ? fmt::format("User initiated ({})", transition_time(call.now))
                                   : reason.message;
}

void begin_stop(Call& call, InstanceRecord instance, const StateReasonText& reason) {
  note_reason(call, instance, reason);
  enter(call, instance, LifeState::stopping);
  put_instance(call, instance);
}

void begin_terminate(Call& call, InstanceRecord instance, const StateReasonText& reason) {
  note_reason(call, instance, reason);
  enter(call, instance, LifeState::shutting_down);
  put_instance(call, instance);
  publish_metadata(call, instance.vpc_id);
}

void finish_stop(Call& call, InstanceRecord instance) {
  take_public_address_back(call, instance.interface_id);
  enter(call, instance, LifeState::stopped);
  put_instance(call, instance);
}

void finish_terminate(Call& call, InstanceRecord instance) {
  if (const auto interface = rows(call, kInterfaces).get(instance.interface_id)) {
    if (interface->delete_on_termination) {
      delete_interface(call, instance.interface_id);
    } else {
      detach_interface(call, instance.interface_id);
    }
  }
  if (rows(call, kVolumes).has(instance.volume_id)) {
    rows(call, kVolumes).erase(instance.volume_id);
    forget_tags(call, instance.volume_id);
  }
  instance.interface_id.clear();
  instance.volume_id.clear();
  instance.private_ip.clear();
  instance.private_dns_name.clear();
  instance.user_data = {};
  enter(call, instance, LifeState::terminated);
  put_instance(call, instance);
}

void forget_instance(Call& call, const std::string& instance_id) {
  const auto instance = require(call, kInstances, instance_id);
  auto tokens = call.rows(kClientTokens);
  if (!instance->client_token.empty() && tokens.has(instance->client_token))
    tokens.erase(instance->client_token);
  forget_tags(call, instance_id);
  rows(call, kInstances).erase(instance_id);
}

// --- showing

InstanceMetadataOptionsResponse render(const MetadataOptionsRecord& options) {
  InstanceMetadataOptionsResponse out;
  out.State = "applied";
  out.HttpTokens = options.http_tokens;
  out.HttpPutResponseHopLimit = options.hop_limit;
  out.HttpEndpoint = options.http_endpoint;
  out.HttpProtocolIpv6 = "disabled";
  out.InstanceMetadataTags = options.instance_metadata_tags;
  return out;
}

IamInstanceProfileAssociation render_profile_association(const InstanceRecord& instance) {
  IamInstanceProfileAssociation out;
  out.AssociationId = instance.instance_profile_association_id;
  out.InstanceId = instance.instance_id;
  out.IamInstanceProfile.emplace() = {.Arn = instance.instance_profile_arn,
                                      .Id = instance.instance_profile_id};
  out.State = "associated";
  out.Timestamp = instance.launched_at;
  return out;
}

static InstanceNetworkInterface render_own_interface(const Call& call, const InterfaceRecord& record) {
  InstanceNetworkInterface out;
  InstanceNetworkInterfaceAttachment& attachment = out.Attachment.emplace();
  attachment.AttachTime = record.attached_at;
  attachment.AttachmentId = record.attachment_id;
  attachment.DeleteOnTermination = record.delete_on_termination;
  attachment.DeviceIndex = 0;
  attachment.Status = "attached";
  attachment.NetworkCardIndex = 0;
  out.Description = record.description;
  out.Groups = render_groups(call, record.group_ids);
  out.MacAddress = record.mac;
  out.NetworkInterfaceId = record.interface_id;
  out.OwnerId = call.account;
  out.PrivateDnsName = private_dns_name(call.region, record.private_ip);
  out.PrivateIpAddress = record.private_ip;
  InstancePrivateIpAddress& address = out.PrivateIpAddresses.emplace_back();
  address.Primary = true;
  address.PrivateDnsName = out.PrivateDnsName;
  address.PrivateIpAddress = record.private_ip;
  if (const PublicName name = public_name_of(call, record); !name.address.empty())
    address.Association = out.Association = InstanceNetworkInterfaceAssociation{
        .IpOwnerId = name.owner, .PublicDnsName = name.dns_name, .PublicIp = name.address};
  out.SourceDestCheck = record.source_dest_check;
  out.Status = interface_status(record);
  out.SubnetId = record.subnet_id;
  out.VpcId = record.vpc_id;
  out.InterfaceType = record.type;
  return out;
}

static void render_volume_of(const Call& call, const InstanceRecord& instance, Instance& out) {
  const auto volume = instance.volume_id.empty() ? nullptr : rows(call, kVolumes).get(instance.volume_id);
  if (!volume) return;
  InstanceBlockDeviceMapping& mapping = out.BlockDeviceMappings.emplace_back();
  mapping.DeviceName = volume->device;
  EbsInstanceBlockDevice& ebs = mapping.Ebs.emplace();
  ebs.AttachTime = volume->created_at;
  ebs.DeleteOnTermination = volume->delete_on_termination;
  ebs.Status = "attached";
  ebs.VolumeId = volume->volume_id;
}

static void render_fixed(const InstanceRecord& instance, Instance& out) {
  const InstanceTypeFacts* type = find_instance_type(instance.instance_type);
  out.Architecture = type->architecture == Architecture::arm64 ? "arm64" : "x86_64";
  out.EnaSupport = true;
  out.Hypervisor = "xen";
  const ImageFacts* image = find_image(instance.image_id);
  out.RootDeviceName = image ? std::string(image->root_device) : "/dev/xvda";
  out.RootDeviceType = "ebs";
  out.VirtualizationType = "hvm";
  CpuOptions& cpu = out.CpuOptions.emplace();
  const bool threads = type->architecture == Architecture::x86_64 && type->vcpus > 1;
  const InstanceSettingsRecord& settings = instance.settings;
  cpu.CoreCount = settings.core_count > 0 ? settings.core_count : threads ? type->vcpus / 2 : type->vcpus;
  cpu.ThreadsPerCore = settings.threads_per_core > 0 ? settings.threads_per_core : threads ? 2 : 1;
  out.CapacityReservationSpecification.emplace().CapacityReservationPreference =
      settings.capacity_reservation;
  out.HibernationOptions.emplace().Configured = false;
  out.EnclaveOptions.emplace().Enabled = false;
  out.BootMode = "uefi-preferred";
  out.CurrentInstanceBootMode = "uefi";
  out.PlatformDetails = "Linux/UNIX";
  out.UsageOperation = "RunInstances";
  out.UsageOperationUpdateTime = instance.launched_at;
  out.MaintenanceOptions.emplace().AutoRecovery = settings.auto_recovery;
}

Instance render(const Call& call, const InstanceRecord& instance) {
  Instance out;
  out.PublicDnsName = "";
  render_fixed(instance, out);
  render_volume_of(call, instance, out);
  if (!instance.client_token.empty()) out.ClientToken = instance.client_token;
  out.EbsOptimized = instance.ebs_optimized;
  if (!instance.instance_profile_arn.empty())
    out.IamInstanceProfile.emplace() = {.Arn = instance.instance_profile_arn,
                                        .Id = instance.instance_profile_id};
  if (const auto interface = rows(call, kInterfaces).get(instance.interface_id)) {
    out.NetworkInterfaces.push_back(render_own_interface(call, *interface));
    out.SecurityGroups = out.NetworkInterfaces.back().Groups;
    out.SourceDestCheck = interface->source_dest_check;
    out.SubnetId = instance.subnet_id;
    out.VpcId = instance.vpc_id;
    out.PrivateIpAddress = instance.private_ip;
    const PublicName name = public_name_of(call, *interface);
    if (!name.address.empty()) out.PublicIpAddress = name.address;
    out.PublicDnsName = name.dns_name;
    PrivateDnsNameOptionsResponse& dns = out.PrivateDnsNameOptions.emplace();
    dns.HostnameType = instance.settings.hostname_type;
    dns.EnableResourceNameDnsARecord = instance.settings.resource_name_a_record;
    dns.EnableResourceNameDnsAAAARecord = false;
  }
  if (!instance.state_reason_code.empty())
    out.StateReason.emplace() = {.Code = instance.state_reason_code, .Message = instance.state_reason};
  out.Tags = rendered_tags(call, instance.instance_id);
  out.MetadataOptions = render(instance.metadata);
  out.InstanceId = instance.instance_id;
  out.ImageId = instance.image_id;
  out.State = render_state(instance.state);
  out.PrivateDnsName = instance.private_dns_name;
  out.StateTransitionReason = instance.transition_reason;
  if (!instance.key_name.empty()) out.KeyName = instance.key_name;
  out.AmiLaunchIndex = instance.launch_index;
  out.InstanceType = instance.instance_type;
  out.LaunchTime = instance.launched_at;
  Placement& placement = out.Placement.emplace();
  placement.AvailabilityZone = instance.availability_zone;
  placement.AvailabilityZoneId = zone_id_of(call.region, instance.availability_zone);
  placement.GroupName = "";
  placement.Tenancy = instance.settings.tenancy;
  out.Monitoring.emplace().State = instance.detailed_monitoring ? "enabled" : "disabled";
  return out;
}

Reservation render_reservation(const Call& call, const InstanceRecord& one) {
  Reservation out;
  out.ReservationId = one.reservation_id;
  out.OwnerId = call.account;
  if (!one.requester.empty()) out.RequesterId = one.requester;
  return out;
}

namespace {

// A field of the instance's interface: nothing where it has none any more.
auto of_interface(const Call& call, std::function<void(const InterfaceRecord&, Values&)> field) {
  return [&call, field = std::move(field)](const InstanceRecord& i, Values& out) {
    if (const auto interface = rows(call, kInterfaces).get(i.interface_id)) field(*interface, out);
  };
}

void group_ids_of(const InterfaceRecord& interface, Values& out) { out = interface.group_ids; }

}  // namespace

FilterFields<InstanceRecord> instance_fields(const Call& call) {
  using I = InstanceRecord;
  const auto group_names = [&call](const InterfaceRecord& interface, Values& out) {
    for (const GroupIdentifier& group : render_groups(call, interface.group_ids))
      out.push_back(*group.GroupName);
  };
  const auto some = [](std::string I::* member) {
    return [member](const I& i, Values& out) {
      if (!(i.*member).empty()) out.push_back(i.*member);
    };
  };
  return {
      {"affinity", [](const I&, Values&) {}},
      {"architecture",
       [](const I& i, Values& out) {
         out.push_back(find_instance_type(i.instance_type)->architecture == Architecture::arm64 ? "arm64"
                                                                                                : "x86_64");
       }},
      {"availability-zone", some(&I::availability_zone)},
      {"availability-zone-id",
       [&call](const I& i, Values& out) { out.push_back(zone_id_of(call.region, i.availability_zone)); }},
      {"block-device-mapping.volume-id", some(&I::volume_id)},
      {"client-token", some(&I::client_token)},
      {"dns-name",
       of_interface(call, [&call](const InterfaceRecord& r,
                                  Values& out) { out.push_back(public_name_of(call, r).dns_name); })},
      {"group-id", of_interface(call, group_ids_of)},
      {"group-name", of_interface(call, group_names)},
      {"iam-instance-profile.arn", some(&I::instance_profile_arn)},
      {"iam-instance-profile.id", some(&I::instance_profile_id)},
      {"iam-instance-profile.name",
       [](const I& i, Values& out) {
         if (!i.instance_profile_arn.empty()) out.push_back(profile_name_of_arn(i.instance_profile_arn));
       }},
      {"image-id", some(&I::image_id)},
      {"instance-id", some(&I::instance_id)},
      {"instance-lifecycle", [](const I&, Values&) {}},
      {"instance-state-code",
       [](const I& i, Values& out) { out.push_back(std::to_string(facts_of(i.state).code)); }},
      {"instance-state-name", [](const I& i, Values& out) { out.push_back(state_name(i.state)); }},
      {"instance-type", some(&I::instance_type)},
      {"instance.group-id", of_interface(call, group_ids_of)},
      {"instance.group-name", of_interface(call, group_names)},
      {"ip-address",
       of_interface(call, [&call](const InterfaceRecord& r,
                                  Values& out) { out.push_back(public_name_of(call, r).address); })},
      {"key-name", some(&I::key_name)},
      {"launch-index", [](const I& i, Values& out) { out.push_back(std::to_string(i.launch_index)); }},
      {"launch-time", [](const I& i, Values& out) { out.push_back(format_iso8601(i.launched_at)); }},
      {"metadata-options.http-endpoint",
       [](const I& i, Values& out) { out.push_back(i.metadata.http_endpoint); }},
      {"metadata-options.http-tokens",
       [](const I& i, Values& out) { out.push_back(i.metadata.http_tokens); }},
      {"monitoring-state",
       [](const I& i, Values& out) { out.push_back(i.detailed_monitoring ? "enabled" : "disabled"); }},
      {"network-interface.addresses.private-ip-address", some(&I::private_ip)},
      {"network-interface.group-id", of_interface(call, group_ids_of)},
      {"network-interface.network-interface-id", some(&I::interface_id)},
      {"network-interface.subnet-id", some(&I::subnet_id)},
      {"network-interface.vpc-id", some(&I::vpc_id)},
      {"owner-id", [&call](const I&, Values& out) { out.push_back(call.account); }},
      {"platform-details", [](const I&, Values& out) { out.push_back("Linux/UNIX"); }},
      {"private-dns-name", some(&I::private_dns_name)},
      {"private-ip-address", some(&I::private_ip)},
      {"requester-id", some(&I::requester)},
      {"reservation-id", some(&I::reservation_id)},
      {"root-device-type", [](const I&, Values& out) { out.push_back("ebs"); }},
      {"source-dest-check",
       of_interface(
           call, [](const InterfaceRecord& r, Values& out) { out.push_back(text_of(r.source_dest_check)); })},
      {"state-reason-code", some(&I::state_reason_code)},
      {"subnet-id", some(&I::subnet_id)},
      {"tenancy", [](const I& i, Values& out) { out.push_back(i.settings.tenancy); }},
      {"virtualization-type", [](const I&, Values& out) { out.push_back("hvm"); }},
      {"vpc-id", some(&I::vpc_id)},
  };
}

}  // namespace landfall::ec2
