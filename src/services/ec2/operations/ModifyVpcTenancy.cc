#include "ec2/operations.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// One way only: "You can change the instance tenancy attribute of a VPC to default only."
ModifyVpcTenancyResult ModifyVpcTenancy(Call& call, const ModifyVpcTenancyRequest& in) {
  VpcRecord vpc = *require(call, kVpcs, in.VpcId.value_or(""));
  if (in.InstanceTenancy != "default")
    throw_invalid(
        fmt::format("Value ({}) for parameter instanceTenancy is invalid. The instance tenancy of a "
                    "VPC can be changed to default only.",
                    in.InstanceTenancy.value_or("")));
  vpc.instance_tenancy = *in.InstanceTenancy;
  rows(call, kVpcs).put(vpc.vpc_id, vpc);
  ModifyVpcTenancyResult out;
  out.ReturnValue = true;
  return out;
}

}  // namespace landfall::ec2
