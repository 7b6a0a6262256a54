#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/resources.h"
#include "services/ec2/routes.h"

namespace landfall::ec2 {

aws::Empty DisassociateRouteTable(Call& call, const DisassociateRouteTableRequest& in) {
  FoundAssociation found = require_association(call, in.AssociationId.value_or(""));
  if (found.association().subnet_id.empty())
    throw_invalid(fmt::format("cannot disassociate the main route table association {}", *in.AssociationId));
  found.table.associations.erase(found.table.associations.begin() + static_cast<ptrdiff_t>(found.index));
  put_route_table(call, found.table);
  return {};
}

}  // namespace landfall::ec2
