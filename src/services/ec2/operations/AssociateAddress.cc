#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/instances.h"

namespace landfall::ec2 {

namespace {
std::shared_ptr<const InterfaceRecord> chosen_interface(const Call& call, const AssociateAddressRequest& in) {
  // Of both the instance counts: Terraform's provider, moving an address to another instance, still names the
  // interface of the one before.
  if (in.NetworkInterfaceId && !in.InstanceId) return require(call, kInterfaces, *in.NetworkInterfaceId);
  if (!in.InstanceId) throw_missing("InstanceId or NetworkInterfaceId");
  const auto instance = require_instance(call, in.InstanceId);
  if (instance->interface_id.empty())
    throw_error("IncorrectInstanceState",
                fmt::format("The instance '{}' is not in a state in which an address can be associated.",
                            instance->instance_id));
  return require(call, kInterfaces, instance->interface_id);
}

void check_internet_gateway(const Call& call, const std::string& vpc_id) {
  for (const auto& [id, gateway] : rows(call, kInternetGateways).all())
    if (gateway->vpc_id == vpc_id) return;
  throw_error("Gateway.NotAttached",
              fmt::format("Network {} is not attached to any internet gateway", vpc_id));
}
}  // namespace

AssociateAddressResult AssociateAddress(Call& call, const AssociateAddressRequest& in) {
  const AddressRecord address = require_address(call, in.AllocationId, in.PublicIp);
  const auto interface = chosen_interface(call, in);
  if (in.PrivateIpAddress && *in.PrivateIpAddress != interface->private_ip)
    throw_invalid(fmt::format("The private address {} is not assigned to interface {}", *in.PrivateIpAddress,
                              interface->interface_id));
  check_internet_gateway(call, interface->vpc_id);
  AssociateAddressResult out;
  // In a VPC reassociation is allowed unless the caller says no.
  out.AssociationId =
      associate_address(call, address, *interface,
                        in.AllowReassociation.value_or(true) ? Reassociate::yes : Reassociate::no)
          .association_id;
  publish_metadata(call, interface->vpc_id);
  return out;
}

}  // namespace landfall::ec2
