#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateDefaultVpcResult CreateDefaultVpc(Call& call, const CreateDefaultVpcRequest&) {
  if (default_vpc(call))
    throw_error("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.");
  CreateDefaultVpcResult out;
  out.Vpc = render(call, create_default_vpc(call));
  return out;
}

}  // namespace landfall::ec2
