#include "ec2/operations.h"
#include "services/ec2/addresses.h"
#include "services/ec2/instances.h"

namespace landfall::ec2 {

namespace {
AddressRecord by_association(const Call& call, const DisassociateAddressRequest& in) {
  if (!in.AssociationId) return require_address(call, std::nullopt, in.PublicIp);
  for (const auto& [id, address] : rows(call, kAddresses).all())
    if (address->association_id == *in.AssociationId) return *address;
  throw_error("InvalidAssociationID.NotFound",
              fmt::format("The association ID '{}' does not exist", *in.AssociationId));
}
}  // namespace

aws::Empty DisassociateAddress(Call& call, const DisassociateAddressRequest& in) {
  const AddressRecord address = by_association(call, in);
  const auto interface = rows(call, kInterfaces).get(address.interface_id);
  if (interface && interface->type == "nat_gateway")
    throw_error("AuthFailure", "You do not have permission to access the specified resource.");
  disassociate_address(call, address);
  if (interface) publish_metadata(call, interface->vpc_id);
  return {};
}

}  // namespace landfall::ec2
