#include "ec2/operations.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/render.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// A VPC's block is a /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
CreateVpcResult CreateVpc(Call& call, const CreateVpcRequest& in) {
  refuse(in, kCreateVpcRefusals);
  if (!in.CidrBlock) throw_missing("cidrBlock");
  const auto cidr = Cidr::parse_any(*in.CidrBlock);
  if (!cidr)
    throw_invalid(fmt::format(
        "Value ({}) for parameter cidrBlock is invalid. This is not a valid CIDR block.", *in.CidrBlock));
  if (cidr->prefix < 16 || cidr->prefix > 28)
    throw_error("InvalidVpc.Range", fmt::format("The CIDR '{}' is invalid.", *in.CidrBlock));
  const TagMap tags = tags_for(in.TagSpecifications, "vpc");
  const VpcRecord vpc =
      create_vpc(call, {.cidr = cidr->text(), .instance_tenancy = in.InstanceTenancy.value_or("default")});
  put_tags(call, vpc.vpc_id, "vpc", tags);
  CreateVpcResult out;
  out.Vpc = render(call, vpc);
  return out;
}

}  // namespace landfall::ec2
