#include "services/ec2/addresses.h"

#include <algorithm>

#include "services/ec2/cidr.h"
#include "services/ec2/ec2.h"
#include "services/ec2/network.h"

namespace landfall::ec2 {

// --- the public range

namespace {

// .0.x are Landfall's own (roles/public_range.h); what is allocated begins at .1.0.
constexpr uint32_t kFirstPublicOffset = 256;

struct PublicAddressRecord {
  std::string owner;
  template <class V>
  void fields(V& v) {
    v("owner", owner);
  }
};
// id: the address. Of the whole Landfall: accounts and regions share the range.
constexpr store::Table<PublicAddressRecord> kPublicAddresses{"elbv2.publicaddress"};

}  // namespace

std::string allocate_public_address(Call& call, const std::string& owner) {
  const auto range = Cidr::parse_any(call.plane.config.public_cidr);
  LF_INVARIANT(range.has_value(), "the command line has checked the public range");
  for (uint32_t offset = kFirstPublicOffset; offset + 1 < range->size(); ++offset) {
    const std::string address = format_ipv4(range->base + offset);
    if (call.txn.get(kPublicAddresses, address)) continue;
    call.txn.put(kPublicAddresses, address, {owner});
    return address;
  }
  throw ServiceError("InsufficientAddressCapacity", 400,
                     "No public address is left in " + call.plane.config.public_cidr +
                         ": start Landfall with a larger --public-cidr");
}

void release_public_address(Call& call, const std::string& address) {
  call.txn.erase(kPublicAddresses, address);
}

// --- Elastic IPs

AddressRecord require_address(const Call& call, const std::optional<std::string>& allocation_id,
                              const std::optional<std::string>& public_ip) {
  if (allocation_id) return *require(call, kAddresses, *allocation_id);
  if (!public_ip) throw_missing("AllocationId");
  for (const auto& [id, address] : rows(call, kAddresses).all())
    if (address->public_ip == *public_ip) return *address;
  throw_error("InvalidAddress.NotFound", fmt::format("Address '{}' not found.", *public_ip));
}

std::shared_ptr<const AddressRecord> address_of_interface(const Call& call, std::string_view interface_id) {
  for (const auto& [id, address] : rows(call, kAddresses).all())
    if (!address->association_id.empty() && address->interface_id == interface_id) return address;
  return nullptr;
}

// Its public address is in its document; that of an instance that is a NAT counts in its VPC's, too.
static void interface_changed(Call& call, const std::string& interface_id) {
  sync_interface(call, interface_id);
  if (const auto interface = rows(call, kInterfaces).get(interface_id);
      interface && !interface->source_dest_check)
    sync_network(call, interface->vpc_id);
}

AddressRecord associate_address(Call& call, AddressRecord address, const InterfaceRecord& interface,
                                Reassociate reassociate) {
  if (!address.association_id.empty() && address.interface_id == interface.interface_id) return address;
  const auto other = address_of_interface(call, interface.interface_id);
  if (reassociate == Reassociate::no) {
    if (!address.association_id.empty())
      throw_error("Resource.AlreadyAssociated", fmt::format("resource {} is already associated with "
                                                            "associate-id {}",
                                                            address.allocation_id, address.association_id));
    if (other)
      throw_error("Resource.AlreadyAssociated", fmt::format("resource {} is already associated with "
                                                            "associate-id {}",
                                                            interface.interface_id, other->association_id));
  }
  if (other) disassociate_address(call, *other);
  address.association_id = new_id(call, "eipassoc-");
  address.interface_id = interface.interface_id;
  address.private_ip = interface.private_ip;
  rows(call, kAddresses).put(address.allocation_id, address);
  interface_changed(call, interface.interface_id);
  return address;
}

void disassociate_address(Call& call, AddressRecord address) {
  const std::string interface_id = address.interface_id;
  address.association_id.clear();
  address.interface_id.clear();
  address.private_ip.clear();
  const std::string id = address.allocation_id;
  rows(call, kAddresses).put(id, std::move(address));
  interface_changed(call, interface_id);
}

Address render(const Call& call, const AddressRecord& address) {
  Address out;
  out.AllocationId = address.allocation_id;
  out.Domain = "vpc";
  out.NetworkBorderGroup = call.region;
  out.PublicIp = address.public_ip;
  out.PublicIpv4Pool = "amazon";
  out.Tags = rendered_tags(call, address.allocation_id);
  const auto interface =
      address.association_id.empty() ? nullptr : rows(call, kInterfaces).get(address.interface_id);
  if (!interface) return out;
  out.AssociationId = address.association_id;
  out.NetworkInterfaceId = interface->interface_id;
  out.NetworkInterfaceOwnerId = call.account;
  out.PrivateIpAddress = address.private_ip;
  if (!interface->instance_id.empty()) out.InstanceId = interface->instance_id;
  return out;
}

FilterFields<AddressRecord> address_fields(const Call& call) {
  using T = AddressRecord;
  const auto some = [](const std::string& value, Values& out) {
    if (!value.empty()) out.push_back(value);
  };
  return {
      {"allocation-id", [](const T& a, Values& out) { out.push_back(a.allocation_id); }},
      {"association-id", [some](const T& a, Values& out) { some(a.association_id, out); }},
      {"domain", [](const T&, Values& out) { out.push_back("vpc"); }},
      {"instance-id",
       [&call](const T& a, Values& out) {
         if (const auto id = render(call, a).InstanceId) out.push_back(*id);
       }},
      {"network-border-group", [&call](const T&, Values& out) { out.push_back(call.region); }},
      {"network-interface-id", [some](const T& a, Values& out) { some(a.interface_id, out); }},
      {"network-interface-owner-id",
       [&call](const T& a, Values& out) {
         if (!a.association_id.empty()) out.push_back(call.account);
       }},
      {"private-ip-address", [some](const T& a, Values& out) { some(a.private_ip, out); }},
      {"public-ip", [](const T& a, Values& out) { out.push_back(a.public_ip); }},
  };
}

// --- names

std::string public_dns_name(std::string_view region, std::string_view public_ip) {
  std::string name = "ec2-" + std::string(public_ip);
  std::ranges::replace(name, '.', '-');
  return name + (region == "us-east-1" ? std::string(".compute-1") : "." + std::string(region) + ".compute") +
         ".amazonaws.com";
}

void lend_public_address(Call& call, const std::string& interface_id) {
  InterfaceRecord interface = *require(call, kInterfaces, interface_id);
  if (!interface.public_ip.empty()) return;
  interface.public_ip = allocate_public_address(call, interface_id);
  put_interface(call, std::move(interface));
  interface_changed(call, interface_id);
}

void take_public_address_back(Call& call, const std::string& interface_id) {
  InterfaceRecord interface = *require(call, kInterfaces, interface_id);
  if (interface.public_ip.empty()) return;
  release_public_address(call, interface.public_ip);
  interface.public_ip.clear();
  put_interface(call, std::move(interface));
  interface_changed(call, interface_id);
}

PublicName public_name_of(const Call& call, const InterfaceRecord& interface) {
  PublicName out;
  if (const auto address = address_of_interface(call, interface.interface_id)) {
    out.address = address->public_ip;
    out.allocation_id = address->allocation_id;
    out.association_id = address->association_id;
    out.owner = call.account;
  } else if (!interface.public_ip.empty()) {
    out.address = interface.public_ip;
    out.owner = "amazon";
  }
  const auto vpc = out.address.empty() ? nullptr : rows(call, kVpcs).get(interface.vpc_id);
  if (vpc && vpc->enable_dns_hostnames) out.dns_name = public_dns_name(call.region, out.address);
  return out;
}

}  // namespace landfall::ec2
